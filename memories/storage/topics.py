"""A small general lexicon: which everyday words speak of the same side of life.

Static vectors hardly know that "cook" has to do with "vegetarian". A question and a memory that share no word but share
a topic are bridged by these lists, at a fraction of the worth of a shared word. Common English only, no names of people
or places, nothing taken from a data set. A word may stand in several topics; leave out words of many meanings.
"""

from __future__ import annotations

import functools

from memories.stemming import built_in_stems

_LISTS: dict[str, str] = {
    "food": """
        food foods eat eats eating ate eaten meal meals cook cooks cooking cooked cuisine dish dishes recipe
        recipes dinner dine lunch breakfast brunch supper snack snacks restaurant restaurants menu kitchen bake
        baking hungry diet dietary vegetarian vegan kosher halal gluten lactose meat beef pork chicken fish
        seafood shellfish shrimp nut nuts peanut peanuts almond egg eggs milk cheese bread pasta rice pizza soup
        salad vegetable vegetables fruit fruits spicy sweet dessert cake chocolate sugar sushi curry tofu
        mushroom mushrooms onion garlic tomato cilantro herb herbs coriander allergic allergy allergies intolerant
        groceries taste tasty delicious flavour flavor
        """,
    "drink": """
        drink drinks drinking drank beverage coffee espresso latte tea juice water soda beer wine cocktail
        whisky alcohol alcoholic sober bar pub cafe caffeine decaf teetotal smoothie bottle thirsty
        """,
    "health": """
        health healthy ill illness sick disease doctor physician hospital clinic medicine medication medications
        pill pills drug drugs prescription allergy allergies allergic asthma asthmatic diabetes diabetic insulin
        blood pressure heart migraine migraines headache pain ache injury injured surgery operation therapy
        therapist dentist dental tooth teeth vaccine vaccination symptom symptoms diagnosis diagnosed treatment
        medical pregnant pregnancy depression anxiety anxious cancer inhaler epilepsy condition
        """,
    "travel": """
        travel travels travelling traveling trip trips journey holiday holidays vacation vacations flight
        flights fly flying flew airport airline airlines plane hotel hotels hostel luggage suitcase passport
        visa tourist abroad itinerary cruise backpack destination destinations boarding aisle seat seats
        """,
    "transport": """
        transport commute commutes commuting drive drives driving drove driver car cars vehicle bus buses train
        trains tram metro subway bike bikes bicycle cycle cycling motorbike motorcycle scooter ferry taxi
        parking petrol electric licence license garage traffic ride
        """,
    "home": """
        home house houses flat apartment live lives living lived reside residence address neighbourhood
        neighborhood neighbour neighbor rent renting landlord tenant mortgage move moved moving roommate
        flatmate bedroom bathroom kitchen garden balcony furniture sofa city town village hometown
        """,
    "family": """
        family families relative relatives parent parents mother mum mom father dad daughter daughters son sons
        child children kid kids baby toddler brother brothers sister sisters sibling siblings husband wife
        spouse partner married marriage wedding fiance fiancee divorced grandmother grandma grandfather grandpa
        grandparents grandchild grandson granddaughter aunt uncle cousin cousins niece nephew twins stepson
        stepdaughter
        """,
    "relationships": """
        friend friends friendship girlfriend boyfriend partner dating date romantic relationship couple
        anniversary engaged wife husband colleague colleagues classmate neighbour neighbor
        """,
    "work": """
        work works working worked job jobs career profession occupation employed employer employee employment
        company business office boss manager colleague colleagues coworker meeting meetings salary promotion
        interview resume cv freelance freelancer startup teacher nurse engineer developer programmer designer
        lawyer accountant architect electrician plumber carpenter chef scientist journalist retired retire
        unemployed hired shift shifts internship trade
        """,
    "education": """
        education school schools university college degree study studies studying studied student students
        teacher class classes course courses exam exams homework lecture professor graduate graduated graduation
        diploma bachelor master phd thesis major semester learn learning lesson lessons tutor campus
        """,
    "language": """
        language languages speak speaks speaking spoke fluent bilingual translate translation accent grammar
        vocabulary english spanish french german italian portuguese dutch chinese mandarin japanese korean
        arabic russian hindi turkish polish swedish greek
        """,
    "pets": """
        pet pets animal animals dog dogs puppy cat cats kitten rabbit hamster parrot bird fish aquarium horse
        vet veterinarian leash terrier labrador retriever poodle tortoise guinea breed
        """,
    "music": """
        music musical song songs sing singing singer band bands concert concerts album playlist genre jazz rock
        pop classical hip-hop opera orchestra guitar piano violin drums cello flute saxophone instrument
        instruments choir musician vinyl gig
        """,
    "sport": """
        sport sports exercise exercises workout gym fitness train training run running runner jog jogging
        marathon swim swimming swimmer football soccer basketball baseball tennis volleyball rugby cricket golf
        hockey climbing boxing yoga pilates hike hiking ski skiing surf surfing cycling athlete athletic team
        tournament match coach weights
        """,
    "leisure": """
        hobby hobbies leisure weekend fun enjoy pastime collect collecting knit knitting sew sewing paint
        painting draw drawing photography photo photos camera pottery craft crafts garden gardening chess puzzle
        puzzles game games gaming videogame fishing camping hike hiking dance dancing woodworking
        """,
    "screen": """
        film films movie movies cinema watch watching show shows series episode television tv netflix actor
        actress director documentary comedy thriller horror anime cartoon streaming
        """,
    "reading": """
        read reads reading book books novel novels author authors writer writing poem poems poetry literature
        library fiction magazine newspaper biography comic comics kindle audiobook audiobooks
        """,
    "money": """
        money finance finances financial budget budgets pay pays paid payment price cost costs expensive cheap
        afford save saving savings spend spending invest investing investment investments stocks bank account
        credit debt loan mortgage salary income tax taxes insurance pension rent currency wage
        """,
    "sleep": """
        sleep sleeps sleeping slept asleep bed bedtime nap naps insomnia tired wake wakes waking woke awake
        morning night dream dreams snore mattress pillow early
        """,
    "clothing": """
        clothes clothing wear wears wearing wore outfit dress dresses shirt shirts trousers pants jeans jacket
        coat sweater shoe shoes boots sneakers hat socks size sizes fashion style fabric wool cotton leather
        """,
    "tech": """
        computer computers laptop phone phones smartphone iphone android tablet software app apps code coding
        program programming programmer developer python javascript java rust linux mac website internet
        wifi server database editor keyboard browser online gadget gadgets technology
        """,
    "birthday": """
        birthday birthdays born birth birthdate age old aged year years anniversary gift gifts present presents
        party celebrate celebrates celebration turn turns turned
        """,
    "looks": """
        colour color colours colors red blue green yellow purple pink orange black white brown grey gray hair
        eyes tall height beard glasses tattoo tattoos
        """,
    "faith": """
        religion religious faith church mosque temple synagogue pray prayer god christian catholic muslim jewish
        hindu buddhist atheist bible kosher halal ramadan easter christmas sabbath fast fasting
        """,
    "nature": """
        weather climate rain rainy snow sun sunny hot cold warm heat winter summer spring autumn season seasons
        beach sea ocean mountain mountains lake forest river park hike hiking outdoors nature
        """,
    "fear": """
        fear fears afraid scared scare phobia terrified frightened anxious anxiety nervous worry worried panic
        stress stressed heights spiders claustrophobic
        """,
    "contact": """
        phone number email mail address call calls contact message messages text reach letter
        """,
    "car-free": """
        walk walks walking walker foot step steps stroll bike bicycle
        """,
    "calendar": """
        appointment appointments schedule calendar meeting meetings deadline reminder plan plans planned event
        events visit
        """,
}


@functools.cache
def topics_of() -> dict[str, tuple[str, ...]]:
    """Stem -> the topics it speaks of. Made once a process, from this file's words only."""
    found: dict[str, list[str]] = {}
    for topic, members in stems_in().items():
        for member in members:
            found.setdefault(member, []).append(topic)
    return {member: tuple(topics) for member, topics in found.items()}


@functools.cache
def stems_in() -> dict[str, frozenset[str]]:
    """Topic -> the stems that speak of it."""
    return {topic: built_in_stems(words.replace("-", " ").split()) for topic, words in _LISTS.items()}
