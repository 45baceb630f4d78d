"""Tells what is too delicate to be concluded about anyone unasked: plain words for each kind, no model, no guessing."""

from __future__ import annotations

import re
from typing import Literal

Delicate = Literal["health", "faith", "politics", "sexuality", "money", "identity numbers"]

_SUM = (
    r"(?:[€$£¥]\s?\d|\d[\d.,]*\s?(?:k\b|euros?|dollars?|pounds?|francs?|eur\b|usd\b|gbp\b|chf\b|a (?:month|year|week)))"
)

_HEALTH = (
    r"diagnos\w*|diseases?|illness\w*|syndromes?|disorders?|disabilit\w+|disabled|wheelchair|cancer|tumou?rs?|"
    r"leuk(?:a)?emia|chemo\w*|radiotherapy|diabet\w+|insulin|asthma\w*|allerg\w+|anaphyla\w+|epipen|c(?:o)?eliac|"
    r"(?:lactose|gluten|food) intoleran\w+|lactose|epilep\w+|seizures?|migraines?|arthritis|hiv|hepatitis|"
    r"tuberculosis|depression|(?:clinically|severely|often|very|been|is|am|feels?|was) depressed|anxiety|"
    r"panic attacks?|bipolar|schizo\w+|autis\w+|autistic|asperger\w*|adhd|dyslexi\w+|ptsd|ocd|anorexi\w+|bulimi\w+|"
    r"burn(?:t|ed)?[- ]?out|suicid\w+|self[- ]harm\w*|"
    r"(?:in|to|sees?|seeing|of|physio|psycho|starts?|started|speech) ?(?:(?:a|the|her|his|their|my) )?"
    r"therap(?:y|ists?)|psychiatr\w+|psychologist|"
    r"antidepress\w+|antibiotics?|painkillers?|statins?|medications?|"
    r"(?:takes?|taking|on|needs?) (?:\w+ ){0,3}(?:medicine|pills?|tablets?|meds)|prescri(?:bed|ptions?)|"
    r"surger(?:y|ies)|(?:had|needs?|having|after) (?:an?|the|her|his|their|my) (?:\w+ )?operation|hospitali[sz]ed|"
    r"(?:went|taken|admitted|goes) to (?:the )?hospital|in hospital (?:for|with|since|after)|pregnan\w+|miscarr\w+|"
    r"had an abortion|ivf|infertil\w+|fertility|menopaus\w+|menstru\w+|contracept\w+|"
    r"(?:blood|high|low) (?:pressure|sugar|type)|cholesterol|"
    r"heart (?:attack|condition|disease|failure|problems?|surgery)|had a stroke|pacemaker|"
    r"(?:kidney|liver) (?:disease|failure|problems?|stones?)|"
    r"dialysis|transplant\w*|chronic(?:ally)?|symptoms?|covid\w*|infections?|vaccin\w+|alcoholi\w+|sober|"
    r"addict(?:ed|ion)s? to (?:alcohol|drugs?|pills|opioids?|painkillers|heroin|cocaine|nicotine|gambling)|"
    r"addictions?|recovering addict|rehab\w*|drinks too much|overweight|obes(?:e|ity)|bmi|weighs? \d+|"
    r"(?:lost|lose|gained|gain) (?:\w+ )?weight|dementia|alzheimer\w*|parkinson\w*|multiple sclerosis|deaf\w*|"
    r"hearing (?:aids?|loss|impair\w+)|(?:is|am|are|was|went|going|legally|partially|colou?r)[- ]blind|"
    r"visually impaired|insomnia\w*|sleep apn(?:o)?ea|(?:back|chest|knee|joint|neck|hip|chronic|shoulder) pain|"
    r"fractur\w+|"
    r"(?:broke|broken|sprained|tore) (?:\w+ )?(?:leg|arm|wrist|ankle|hip|rib|foot|knee|collarbone|ligament)|"
    r"injur(?:y|ies|ed)|ibs|crohn\w*|endometriosis|eczema|psoriasis|thyroid|an(?:a)?emi[ac]\w*|sick (?:leave|note)|"
    r"(?:seriously|mentally|chronically|terminally|is|am|been|fell) (?:ill|sick|unwell)|mental health|"
    r"health (?:problems?|conditions?|issues?)|"
    r"(?:sees?|seeing|visits?|visited) (?:an?|the|her|his|their|my) (?:\w+ )?(?:doctor|specialist|oncologist|"
    r"cardiologist|neurologist|gyn\w+)|(?:doctor|hospital)'?s? appointments?"
)
_FAITH = (
    r"religio\w*|(?:her|his|their|my|of|lost|christian|muslim|jewish) faith|christianity|"
    r"(?:a|is|am|are|as|devout|born-again|raised|practi[sc]ing|become|became) christians?|catholic\w*|protestant\w*|"
    r"lutheran\w*|baptist|methodist|anglican|evangelical\w*|pentecostal|mormon\w*|quakers?|jehovah\w*|"
    r"orthodox (?:church|jew\w*|christian\w*)|muslims?|islam\w*|sunni|shi(?:a|ite)|jew(?:s|ish)?|judaism|hindu\w*|"
    r"buddhis[tm]\w*|sikh\w*|tao(?:ist|ism)|pagan\w*|wicca\w*|baha'?i|atheis[tm]\w*|agnostic\w*|"
    r"(?:attends?|attending|goes? to|going to|went to|member of|joined|belongs? to|sings? in|left|volunteers? at|"
    r"in) (?:\w+ ){0,3}(?:church|mosque|synagogue|temple|mass|gurdwara|parish|congregation)|church choir|"
    r"pray(?:s|ed|ing|ers?)?(?! mantis)|ramadan|(?:observes?|keeps?|for) lent|kosher|halal|sabbath|shabbat|"
    r"bapti[sz](?:ed|m)|(?:bar|bat) mitzvah|communion|priest|imam|rabbi|pastor|bible|qur'?an|koran|torah|"
    r"believ\w+ in (?:god|allah|jesus|an afterlife|a higher)|(?:in|of|to|serves?|loves?) god|hajj|pilgrimage|"
    r"convert(?:ed|ing) to|hijab|kippah|turban"
)
_POLITICS = (
    r"politic\w*(?! (?:science|scientist|thriller|map))|"
    r"vot(?:e[sd]?|ing) (?:for|against|to|in|remain|leave|labour|conservative|green|left|right|yes|no|tory)|voters?|"
    r"democrats?|republicans?|tor(?:y|ies)|"
    r"(?:labour|conservative|green|liberal|socialist|communist|democratic|people's) (?:party|voter|politic\w*|"
    r"member)|"
    r"(?:is|am|are|a|very|leans?|as) (?:conservative|liberal|progressive|left|right|leftist|leftie|"
    r"centrist)\b(?![ -](?:handed|about|with|now|here|there|of|next|side|estimate|dresser|spender|investor|arts))|"
    r"(?:left|right|far|hard)[- ](?:wing\w*|left|right)|socialis[tm]s?|communis[tm]s?|marxis[tm]s?|anarchis[tm]s?|"
    r"libertarian\w*|fascis[tm]s?|nationalis[tm]s?|monarchist|feminis[tm]s?|(?:trade|labour|labor) union\w*|"
    r"union (?:member|rep\w*|steward|organi[sz]er)|brexit\w*|remainer|party member|member of (?:the|a) \w* ?party|"
    r"campaign(?:s|ed|ing)? (?:for|against)|protest(?:s|ed|ers?|ing)?|demonstrat(?:es?|ed|ing) (?:for|against)|"
    r"activis[tm]s?|"
    r"(?:ran|runs?|running|stood|stands?) for (?:office|mayor|council|parliament|congress|president|election)|"
    r"pro[- ](?:life|choice)|gun (?:control|rights)|"
    r"supports? (?:the )?(?:\w+ )?(?:party|government|opposition|president|prime minister|independence)"
)
_SEXUALITY = (
    r"gay|lesbians?|bisexual\w*|pansexual\w*|asexual(?:ity)?(?! reproduction)|aromantic|homosexual\w*|"
    r"heterosexual\w*|(?:is|am|identif\w+ as) straight(?! (?:after|away|from|to|into|up|edge))|queer|lgbt\w*|"
    r"transgender\w*|trans (?:man|woman|person|girl|boy)|gender (?:transition\w*|identity|dysphoria|affirm\w+)|"
    r"non[- ]?binary|genderqueer|genderfluid|sexual\w*|sex life|(?:has|having|had) sex|sex (?:with|work\w*|drive)|"
    r"c(?:a|o)me out (?:as|to|of the closet)|coming out (?:as|to)|one[- ]night stand|"
    r"(?:having|had|has|in) an affair|cheat(?:s|ed|ing) on (?:her|his|their|my)|polyamor\w+|"
    r"open (?:relationship|marriage)|kink\w*|fetish\w*|porn\w*|grindr|(?:is|am|still) a virgin|"
    r"(?:attracted to|dates?|dating|sleeps? with|prefers?|into) (?:both |other )?(?:men|women|males|females|girls|"
    r"boys|guys)(?!'s)|libido|erectile"
)
_MONEY = (
    r"salar(?:y|ies)|wages?|incomes?|"
    r"(?:earns?|earned|earning|makes?|paid)\b[^.]{0,25}(?:" + _SUM + r"|money|minimum|well\b|little|a month|an hour)|"
    r"debts?|indebted|loans?|mortgages?|overdraft|overdrawn|bankrupt\w*|credit (?:cards?|scores?|rating|history|check)|"
    r"(?:her|his|their|my|has|have|no|little|of|our) (?:\w+ )?savings|savings account|(?:save|saves|saving|saved) "
    r"(?:\w+ )?(?:money|up|" + _SUM + r")|invest(?:s|ed|ing|ments?)?\b(?! (?:time|energy|effort))|"
    r"pensions?|inheritance|inherited [^.]{0,20}(?:money|house|flat|fortune|estate|" + _SUM + r")|net worth|"
    r"(?:can(?:'t|not| not)|could(?:n't| not)|unable to|struggl\w+ to|hardly|barely|able to) (?:\w+ )?afford|"
    r"pays?[^.]{0,25}\brent\b|rent (?:is|of|costs|arrears)|behind (?:on|with) (?:\w+ )?(?:rent|bills|payments)|"
    r"tax(?:es| (?:return|debt|bill|office|bracket))|(?:unemployment|housing|child|on|receives?|gets?) benefits?|"
    r"welfare|food stamps|universal credit|"
    r"financ(?:es|ial(?:ly)?)\b(?! (?:analyst|advis\w+|times|district|journalist|sector|services|industry|software))|"
    r"rich\b(?! (?:in|text|flavou?r|food|chocolate|soil|sauce|history))|wealthy|millionaire|(?:stock|share|investment) "
    r"portfolio|(?:owns?|holds?|bought|sold) (?:\w+ )?(?:stocks|shares)|bitcoin|crypto(?:currenc\w+)?\b|"
    r"(?:is|am|are|was|went|flat) broke|"
    r"money (?:problems?|troubles?|worries)|(?:short of|worried about|worries about|out of) money|"
    r"ow(?:es?|ed|ing)\b[^.]{0,25}(?:money|" + _SUM + r")|gambl\w+|spends?\b[^.]{0,20}" + _SUM + r"|"
    r"bank (?:account|balance|statement)"
)
_NUMBERS = (
    r"(?:passport|social security|social insurance|national insurance|national id|identity card|id card|identity|"
    r"tax|driving licen[cs]e|driver'?s licen[cs]e|health insurance|medicare|nhs|residence permit|voter|ssn|nino|"
    r"tin|bsn|nif|nie|dni|pesel|cpf|aadhaar|personnummer)\b[^.]{0,40}\d{3}|\d{3}-\d{2}-\d{4}|"
    r"[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b"
)

_WORDS: dict[Delicate, str] = {
    "health": _HEALTH,
    "faith": _FAITH,
    "politics": _POLITICS,
    "sexuality": _SEXUALITY,
    "money": _MONEY,
    "identity numbers": _NUMBERS,
}
_KINDS = {kind: re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE) for kind, words in _WORDS.items()}


def delicate_kinds(text: str) -> tuple[Delicate, ...]:
    """Which of the kinds the text speaks of, in a fixed order; empty for most. It errs on the side of asking: what it
    names is only held until the person says yes."""
    return tuple(kind for kind, words in _KINDS.items() if words.search(text))
