"""Makes a supported claim wrong in one place: another number or name, a negation, an opposite.

Each function takes the claim, its source, the language and a seeded chooser, and gives the changed claim
and the range of what changed, or None where it does not apply.
"""

import re

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NAME = re.compile(r"(?<![.!?:\n] )(?<!^)\b[A-ZÀ-Þ][\w'’-]+(?: (?:de |del |la |du |of |the )?[A-ZÀ-Þ][\w'’-]+)*")

OPPOSITES = {
    "en": [
        ("increased", "decreased"), ("increase", "decrease"), ("higher", "lower"), ("more", "fewer"), ("more", "less"),
        ("before", "after"), ("first", "last"), ("earlier", "later"), ("all", "some"), ("every", "some"), ("always", "sometimes"),
        ("must", "may"), ("required", "optional"), ("include", "exclude"), ("included", "excluded"), ("open", "closed"),
        ("free", "charged"), ("won", "lost"), ("largest", "smallest"), ("highest", "lowest"), ("accepted", "rejected"),
        ("approved", "refused"), ("can", "cannot"), ("will", "will not"), ("with", "without"), ("north", "south"), ("east", "west"),
        ("daily", "weekly"), ("monthly", "yearly"), ("days", "weeks"), ("hours", "minutes"), ("months", "years"), ("minimum", "maximum"),
        ("at least", "at most"), ("up to", "more than"), ("only", "also"), ("both", "neither"), ("same", "different"), ("rise", "fall"),
        ("started", "stopped"), ("above", "below"), ("inside", "outside"), ("many", "few"), ("often", "rarely"), ("safe", "unsafe"),
        ("male", "female"), ("agreed", "disagreed"), ("possible", "impossible"), ("buy", "sell"), ("paid", "unpaid"), ("new", "old"),
        ("before", "during"), ("until", "from"), ("because of", "despite"), ("likely", "unlikely"), ("early", "late"), ("public", "private"),
    ],
    "es": [
        ("aumentó", "disminuyó"), ("mayor", "menor"), ("más", "menos"), ("antes", "después"), ("primero", "último"), ("todos", "algunos"),
        ("todas", "algunas"), ("siempre", "a veces"), ("debe", "puede"), ("obligatorio", "opcional"), ("incluye", "excluye"), ("con", "sin"),
        ("gratuito", "de pago"), ("gratis", "de pago"), ("abierto", "cerrado"), ("mínimo", "máximo"), ("días", "semanas"), ("horas", "minutos"), ("meses", "años"),
        ("mensual", "anual"), ("solo", "también"), ("norte", "sur"), ("ganó", "perdió"), ("aceptó", "rechazó"), ("hasta", "desde"),
        ("al menos", "como máximo"), ("dentro", "fuera"), ("pronto", "tarde"), ("nuevo", "viejo"), ("mismo", "otro"), ("sube", "baja"),
    ],
    "fr": [
        ("augmenté", "diminué"), ("supérieur", "inférieur"), ("plus", "moins"), ("avant", "après"), ("premier", "dernier"), ("tous", "certains"),
        ("toutes", "certaines"), ("toujours", "parfois"), ("doit", "peut"), ("obligatoire", "facultatif"), ("inclut", "exclut"), ("avec", "sans"),
        ("gratuit", "payant"), ("ouvert", "fermé"), ("minimum", "maximum"), ("jours", "semaines"), ("heures", "minutes"), ("mois", "ans"),
        ("mensuel", "annuel"), ("nord", "sud"), ("gagné", "perdu"), ("accepté", "refusé"), ("jusqu'au", "à partir du"), ("au moins", "au plus"),
        ("intérieur", "extérieur"), ("tôt", "tard"), ("nouveau", "ancien"), ("même", "autre"), ("possible", "impossible"), ("seulement", "aussi"),
    ],
}
# Verbs beside which a negation can be put or taken away.
VERBS = {
    "en": re.compile(r"\b(is|are|was|were|can|will|must|should|has been|have been|could|would|may|does|did|had been)\b( not)?", re.I),
    "es": re.compile(r"\b(no )?(es|son|está|están|tiene|tienen|puede|pueden|hay|incluye|cobra|permite|fue|fueron|debe|deben|será|se aplica|se cobra|requiere|cubre|necesita|ha|han)\b", re.I),
    "fr": re.compile(r"\b(n'|ne )?(est|sont|peut|peuvent|doit|doivent|comprend|couvre|était|sera|seront|coûte|faut|permet|a été|ont été)\b( pas)?", re.I),
}


def replaced(text, start, end, new):
    return text[:start] + new + text[end:], (start, start + len(new))


def number(claim, source, language, chooser):
    places = list(NUMBER.finditer(claim))
    if not places:
        return None
    place = chooser.choice(places)
    old = place.group()
    others = sorted({m.group() for m in NUMBER.finditer(source)} - {m.group() for m in places})
    # A number of the source in the wrong place is the harder error.
    alike = [other for other in others if abs(len(other) - len(old)) <= 1]
    if alike and chooser.random() < 0.65:
        return replaced(claim, *place.span(), chooser.choice(alike))
    digits = list(old)
    which = chooser.choice([i for i, c in enumerate(digits) if c.isdigit()])
    digits[which] = chooser.choice([c for c in ("123456789" if which == 0 else "0123456789") if c != digits[which]])
    new = "".join(digits)
    return None if new in source else replaced(claim, *place.span(), new)


def name(claim, source, language, chooser):
    places = [m for m in NAME.finditer(claim) if len(m.group()) > 2]
    if not places:
        return None
    place = chooser.choice(places)
    others = sorted({m.group() for m in NAME.finditer(source) if len(m.group()) > 2})
    others = [o for o in others if o not in claim and place.group() not in o and o.count(" ") <= place.group().count(" ") + 1]
    if not others:
        return None
    return replaced(claim, *place.span(), chooser.choice(others))


def negation(claim, source, language, chooser):
    places = list(VERBS[language].finditer(claim))
    if not places:
        return None
    place = chooser.choice(places)
    if language == "en":
        verb, denied = place.group(1), place.group(2)
        return replaced(claim, *place.span(), verb if denied else f"{verb} not")
    if language == "es":
        verb = place.group(2)
        return replaced(claim, *place.span(), verb if place.group(1) else f"no {verb}")
    verb = place.group(2)
    if place.group(1) or place.group(3):
        if not (place.group(1) and place.group(3)):
            return None
        return replaced(claim, *place.span(), verb)
    before = "n'" if verb[0].lower() in "aeéiouê" else "ne "
    head, _, tail = verb.partition(" ")
    return replaced(claim, *place.span(), f"{before}{head} pas{' ' + tail if tail else ''}")


def opposite(claim, source, language, chooser):
    pairs = [(a, b) for a, b in OPPOSITES[language]] + [(b, a) for a, b in OPPOSITES[language]]
    chooser.shuffle(pairs)
    for old, new in pairs:
        place = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", claim, re.I)
        if place:
            cased = new.capitalize() if place.group()[0].isupper() else new
            return replaced(claim, *place.span(), cased)
    return None


PHRASES = {
    "en": re.compile(r",? (?:in|at|for|with|by|during|after|because of|despite|thanks to|through|since|under|together with) (?:the |a |an |its |their )?[^,.;:()\n]{6,45}(?=[,.;]|$)"),
    "es": re.compile(r",? (?:en|por|con|para|durante|después de|debido a|gracias a|desde|bajo|junto con) (?:el |la |los |las |un |una )?[^,.;:()\n]{6,45}(?=[,.;]|$)"),
    "fr": re.compile(r",? (?:en|par|avec|pour|pendant|après|grâce à|depuis|sous|dans|à cause de) (?:le |la |les |l'|un |une )?[^,.;:()\n]{6,45}(?=[,.;]|$)"),
}


def insertion(claim, donor, language, chooser):
    """A phrase of another text, put before the claim's last mark."""
    phrases = [m.group() for m in PHRASES[language].finditer(donor)]
    if not phrases:
        return None
    phrase = " " + chooser.choice(phrases).lstrip(", ")
    end = len(claim.rstrip(" .!?…"))
    return claim[:end] + phrase + claim[end:], (end, end + len(phrase))


def corrupt(claim, source, language, chooser, donor=""):
    """A wrong version of `claim` with the changed range, or None where nothing could be changed. `donor` is a
    text about something else, to take a phrase from."""
    kinds = [number, number, name, name, negation, opposite, insertion]
    chooser.shuffle(kinds)
    for kind in kinds:
        changed = kind(claim, donor if kind is insertion else source, language, chooser)
        if changed and changed[0] != claim:
            return changed
    return None
