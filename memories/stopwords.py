"""Words that say nothing about a memory's subject: every store of "I", "my" and "is" would match every question."""

from __future__ import annotations

_ENGLISH = """
a about above after again against all also am an and any anyone anything are arent as at be because been before being
below between both but by can cannot cant could couldnt did didnt do does doesnt doing done dont down during each
either else ever every everyone everything few for from further get gets getting go goes going gonna got had hadnt
has hasnt have havent having he hed hell her here hers herself hes hey hi him himself his how hows i id if ill im in
into is isnt it itd itll its itself ive just kind lets like lot many may maybe me might more most much must my myself
neither no nor not now of off oh ok okay on once one only or other our ours ourselves out over own per please quite
rather really s same shall she shes should shouldnt so some someone something still such t than that thats the their
theirs them themselves then there theres these they theyre theyve thing things this those though through to too
under until up upon us very was wasnt way we well were werent weve what whats when where wheres whether which while
who whom whos whose why will with within without wont would wouldnt yes yet you youd youll your youre yours yourself
youve tell know think
"""
# The commonest function words of some other languages; none of them is an English content word.
_OTHERS = """
de la el los las un una unos unas y que en es soy mi mis tu su se lo con por para del al como pero muy yo nos
le les des du et est sont dans pour avec sur mon ma mes ton sa ses je nous vous il elle ils elles ce cette qui une
au aux der das den dem ein eine einen einem einer und ist sind ich mein meine wir sie er mit von zu im
auf fur nicht auch bin o os um uma e do da dos das em no na nos nas com eu meu minha sou voce
il lo gli uno di che sono per mio mia non ho nel della
"""

STOP_WORDS: frozenset[str] = frozenset((_ENGLISH + _OTHERS).split())
"""Lower case, without accents and apostrophes ("don't" is here as "dont")."""

_LIGHT = """
advice ago day days allow allowed ask best better bit call called care come decide different favorite favourite feel
feeling find first give good great happen happened help hope idea kind last let list long look love make mean mention
mentioned name named need new next nice offer old option options people person prefer preference preferences question
recently recommend recommendation remember remind restriction restrictions right say show sort start started suggest
suggestion take talk time today tomorrow tonight try type use used usual usually want week
"""
LIGHT_WORDS: frozenset[str] = frozenset(_LIGHT.split())
"""Words of a question that say how it is asked more than what it is about: looked up, but worth a fraction."""
