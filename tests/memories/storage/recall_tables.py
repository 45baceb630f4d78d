"""Small stores, questions, and which memories must and must not come back."""

from __future__ import annotations

HOUSEHOLD = (
    "I am vegetarian",
    "My daughter Mia is allergic to peanuts",
    "we live in Lisbon",
    "I always want a window seat on flights",
)
SEAT = ("I always want a window seat on flights",)
WORKER = (
    "I work as a nurse at the children's hospital",
    "My boss is called Ingrid",
    "I take the tram to the office",
    "I have a dog, a beagle named Biscuit",
    "My wife Elena plays the cello",
    "I run ten kilometres every Sunday",
    "I am afraid of spiders",
    "My birthday is on the third of March",
    "I wear shoes in size 43",
    "I am reading a biography of Darwin",
    "I pay 900 euros of rent each month",
    "I am learning Japanese",
)
TRAVELLER = (
    "I prefer trains to planes",
    "My passport expires in June",
    "I cannot eat gluten",
    "I go to bed at ten",
    "My favourite colour is green",
    "I use a Linux laptop",
    "My grandmother lives in Porto",
    "I have asthma",
)

# store, question, a word of the memory that must come first
FIRST: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (HOUSEHOLD, "Which seat do I like?", "window"),
    (HOUSEHOLD, "where do I live?", "Lisbon"),
    (HOUSEHOLD, "Where am I based?", "Lisbon"),
    (HOUSEHOLD, "what's my daughter's name", "Mia"),
    (HOUSEHOLD, "am I allowed to eat nuts around the kids", "peanuts"),
    (HOUSEHOLD, "book me a flight to Rome", "window"),
    (HOUSEHOLD, "What city am I in?", "Lisbon"),
    (HOUSEHOLD, "any allergies in the family?", "peanuts"),
    (WORKER, "What is my job?", "nurse"),
    (WORKER, "What is my profession?", "nurse"),
    (WORKER, "What do I do for a living?", "nurse"),
    (WORKER, "how do i earn my living", "nurse"),
    (WORKER, "Who is my boss?", "Ingrid"),
    (WORKER, "How do I commute?", "tram"),
    (WORKER, "Do I have any pets?", "Biscuit"),
    (WORKER, "What is the name of my dog?", "Biscuit"),
    (WORKER, "Which instrument does my wife play?", "cello"),
    (WORKER, "Who am I married to?", "Elena"),
    (WORKER, "What sport do I do?", "run"),
    (WORKER, "What scares me?", "spiders"),
    (WORKER, "When was I born?", "March"),
    (WORKER, "What shoe size do I have?", "43"),
    (WORKER, "Which book am I on?", "Darwin"),
    (WORKER, "How expensive is my flat?", "rent"),
    (WORKER, "Which languages do I study?", "Japanese"),
    (TRAVELLER, "How do I like to travel?", "trains"),
    (TRAVELLER, "Is my passport still valid?", "passport"),
    (TRAVELLER, "What should I not eat?", "gluten"),
    (TRAVELLER, "Suggest a recipe for dinner", "gluten"),
    (TRAVELLER, "When do I sleep?", "bed"),
    (TRAVELLER, "Which color do I love?", "green"),
    (TRAVELLER, "What computer do I have?", "Linux"),
    (TRAVELLER, "Do I have any medical conditions?", "asthma"),
    (TRAVELLER, "Where do my grandparents live?", "Porto"),
)

# store, question, words of the memories that must all come back
ALL_OF: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (HOUSEHOLD, "What should I cook tonight?", ("vegetarian", "peanuts")),
    (HOUSEHOLD, "food preferences", ("vegetarian", "peanuts")),
    (HOUSEHOLD, "dietary restrictions", ("vegetarian", "peanuts")),
    (HOUSEHOLD, "Recommend a restaurant", ("vegetarian", "peanuts")),
)

# store, question, a word of a memory that must not come back
NEVER: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (HOUSEHOLD, "food preferences", "seat"),
    (HOUSEHOLD, "What should I cook tonight?", "seat"),
    (HOUSEHOLD, "What should I cook tonight?", "Lisbon"),
    (HOUSEHOLD, "Which seat do I like?", "vegetarian"),
    (WORKER, "Who is my boss?", "cello"),
    (WORKER, "Which languages do I study?", "shoes"),
    (TRAVELLER, "What should I not eat?", "Linux"),
    (TRAVELLER, "Which color do I love?", "gluten"),
)

# store, question: nothing at all may come back
SILENT: tuple[tuple[tuple[str, ...], str], ...] = (
    (HOUSEHOLD, "What is the capital of France?"),
    (SEAT, "food preferences"),
    (SEAT, "What should I cook tonight?"),
    (SEAT, "What is my job?"),
    (SEAT, "Who is my wife?"),
    (HOUSEHOLD, "tell me a joke"),
    (HOUSEHOLD, "What is 2 + 2?"),
    (HOUSEHOLD, "How tall is the Eiffel tower?"),
    (HOUSEHOLD, "What is my job?"),
    (HOUSEHOLD, "What do I do for a living?"),
    (HOUSEHOLD, "Which music do I listen to?"),
    (HOUSEHOLD, "What computer do I have?"),
    (HOUSEHOLD, "who won the election"),
    (WORKER, "What is the capital of France?"),
    (WORKER, "Translate good evening"),
    (WORKER, "food preferences"),
    (WORKER, "When does the shop close?"),
    (WORKER, "Explain photosynthesis"),
    (TRAVELLER, "Who is my boss?"),
    (TRAVELLER, "Which music do I listen to?"),
    (TRAVELLER, "tell me a joke"),
    (TRAVELLER, "What is the meaning of life?"),
    ((), "food preferences"),
    (HOUSEHOLD, ""),
    (HOUSEHOLD, "who am I?"),
)
