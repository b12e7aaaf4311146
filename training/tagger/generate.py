"""Generates labelled documents: realistic texts of many shapes with personal data, and without.

    python generate.py OUTPUT.jsonl [rows] [seed]

A row is `{"text", "spans": [{"start", "end", "type"}], "lang", "source": "generated/SHAPE"}` with offsets
in code points. A document is built as a list of pieces, each a text with its label, so that the offsets
follow whatever is done to the pieces; nothing is searched for afterwards.
"""

import json
import pathlib
import random
import re
import sys

from check_leakage import leaked_texts
from fields import DATA, FIELDS, read_rows

HERE = pathlib.Path(__file__).parent
FIELD = re.compile(r"\{(\w+)\}")
CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
LANGUAGES = ["en"] * 12 + ["es"] * 2 + ["fr"] * 2 + ["de"] * 2 + ["it", "pt"]
# What a template of the other languages says of nobody stands after this line.
BENIGN = "# benign"


def load_templates():
    """language → (templates that may hold personal data, templates that hold none)."""
    templates = {}
    for language in ("en", "es", "fr", "de", "it", "pt"):
        lines = (HERE / "templates" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        benign_file = HERE / "templates" / f"{language}_benign.txt"
        cut = lines.index(BENIGN) if BENIGN in lines else len(lines)
        benign = lines[cut + 1 :] + (benign_file.read_text(encoding="utf-8").splitlines() if benign_file.exists() else [])
        keep = [[line.replace("\\n", "\n") for line in part if line and not line.startswith("# ")] for part in (lines[:cut], benign)]
        templates[language] = tuple(keep)
    return templates


TEMPLATES = load_templates()
LEAKED = leaked_texts(["usaddress"])
US_ADDRESSES = [row["text"] for row in read_rows(DATA / "pii" / "train" / "usaddress.jsonl.gz") if row["text"] not in LEAKED]


def value(rng, field, lang):
    """One piece: the text of a field and its label."""
    label, make = FIELDS[field]
    if field == "address" and lang == "en" and rng.random() < 0.12:
        return rng.choice(US_ADDRESSES), label
    return make(rng, lang), label


def fill(rng, template, lang):
    """The pieces of a template."""
    while (choice := CHOICE.search(template)) is not None:
        template = template[: choice.start()] + rng.choice(choice.group(1).split("|")) + template[choice.end() :]
    pieces, at = [], 0
    for match in FIELD.finditer(template):
        pieces.append((template[at : match.start()], None))
        pieces.append(value(rng, match.group(1), lang))
        at = match.end()
    pieces.append((template[at:], None))
    return [piece for piece in pieces if piece[0]]


def sentence(rng, lang, benign=False):
    with_data, without = TEMPLATES[lang]
    return fill(rng, rng.choice(without if benign or rng.random() < 0.15 else with_data), lang)


def paragraph(rng, lang, benign=False):
    joint = rng.choice([" ", " ", " ", "\n", "\n\n", ". ", " - "])
    pieces = []
    for index in range(rng.randint(2, 5)):
        if index:
            pieces.append((joint, None))
        pieces += sentence(rng, lang, benign or rng.random() < 0.3)
    return pieces


LABELS = {
    "en": {
        "name": "Name|Full name|Customer|Customer name|Client|Contact|Contact person|Account holder|Cardholder|Patient|Patient name|Employee|Employee Name|Applicant|Student|Tenant|Insured|Passenger|Guest|Recipient|Sender|Ship to|Bill to|Beneficiary|Owner|Reporter|Requested by|Manager|Supervisor|Doctor|Physician|Witness|Guardian|Spouse|Emergency contact|Next of kin|Author|Assigned to|Driver|Buyer|Seller|Lessee|Representative|Attn|Submitted by|Nominee|Parent|NAME|name|full_name|customer_name|contact_name|displayName|owner|author|assignee",
        "first": "First name|Given name|Forename|Preferred name|first_name|firstName|First|Nickname|given_name",
        "last": "Last name|Surname|Family name|last_name|lastName|Maiden name|Mother's maiden name|Last|family_name",
        "name_reversed": "Name|Patient|Name (last, first)|Employee|Student|Taxpayer",
        "address": "Address|Home address|Billing address|Shipping address|Mailing address|Delivery address|Street address|Property address|Residence|Residential address|Permanent address|Current address|Registered address|Ship to|Location of incident|Pickup|Drop-off|Office|address|street_address|shippingAddress|billing_address|addr|ADDRESS|Domicile|Workplace address",
        "address_block": "Address|Mailing address|Deliver to|Remit to|Return to|Bill to",
        "address_short": "Street|Address line 1|street|line1|Address|Street address",
        "postcode": "ZIP|Zip code|Postcode|Postal code|zip|postal_code|PIN code|postcode",
        "age": "Age|age|AGE|Patient age|Age (years)|Aged",
        "age_unit": "Age|age|Patient age",
        "user": "Username|User|User ID|Login|username|user|login|Account|userName|user_name|Handle|Screen name|uid|USER|DB_USER|Created by|Modified by",
        "handle": "Twitter|Instagram|Handle|Telegram|TikTok|Twitter handle|handle",
        "password": "Password|Pass|Pwd|password|passwd|PW|Temporary password|Wi-Fi password|DB_PASSWORD|secret|Passphrase|PASSWORD|New password|Login password|admin_password",
        "driver": "Driver's license|Driver licence no.|DL|DL No.|DL#|License number|Driving licence|driver_license|License No|Driver ID|Licence|drivers_license_number",
        "plate": "License plate|Plate|Plate no.|Registration|Reg. no.|Vehicle registration|plate|Number plate|license_plate|Tag|VRM|Vehicle",
        "pin": "PIN|Pin code|pin|Card PIN|SIM PIN|Access PIN|PIN number|Voicemail PIN",
        "org": "Company|Employer|Organization|Organisation|School|Bank|Vendor|Supplier|Insurer|Hospital|company|org|Department|University|Brand|Merchant|Payee|Store",
        "city": "City|Town|Place of birth|Birthplace|city|Location|Destination|Origin|Branch",
        "country": "Country|Nationality|Country of residence|country|Citizenship",
        "state": "State|Province|state|Region",
        "street": "Street name|Nearest road|Route|Area",
        "product": "Product|Item|Model|Description|product_name|Device|Subject|title|Service|Plan|Product name",
        "job": "Job title|Occupation|Position|Title|Role|Profession|role|Department",
        "date": "Date|DOB|Date of birth|Birth date|Issued|Expires|Start date|date|created_at|Due|dob|Admission date",
        "phone": "Phone|Tel|Mobile|Telephone|Cell|Fax|phone|Contact number|phone_number|Work phone",
        "email": "Email|E-mail|email|Email address|Contact email|mail",
        "order": "Order|Order no.|Invoice|Ref|Reference|Case number|Ticket|Policy no.|Account number|id|order_id|MRN|Serial|SKU|Tracking|Membership no.|Booking reference|Claim",
        "amount": "Total|Amount|Price|Balance|total|Salary|Fee|amount|Rent",
        "n": "Quantity|Count|Weight|Height|Pages|qty|Rooms|Floor|Points|Score",
        "ip": "IP|Source IP|ip|Host",
        "ssn": "SSN|Social security number|National ID|Tax ID|NINO|SIN|Passport",
        "iban": "IBAN|Account|iban",
        "card": "Card|Card number|card_number",
        "url": "Website|URL|Link|homepage|LinkedIn",
        "topic": "Subject|Topic|Reason|Comment|Notes|Regarding|Description",
        "time": "Time|Start|End|Arrival",
        "day": "Day|Weekday",
        "month": "Month|Period",
    },
    "es": {
        "name": "Nombre|Nombre completo|Nombre y apellidos|Cliente|Paciente|Titular|Empleado|Alumno|Contacto|Médico|Remitente|Destinatario|Solicitante|Conductor|Firmante", "first": "Nombre", "last": "Apellidos|Apellido|Primer apellido",
        "address": "Dirección|Domicilio|Dirección de envío|Dirección de facturación|Residencia|Dirección postal", "address_block": "Dirección|Enviar a", "address_short": "Calle|Domicilio|Dirección", "postcode": "Código postal|CP|C.P.", "age": "Edad", "age_unit": "Edad", "user": "Usuario|Nombre de usuario|Login",
        "password": "Contraseña|Clave|Contraseña wifi", "driver": "Carné de conducir|Permiso de conducir|Licencia de conducir", "plate": "Matrícula|Placa|Patente", "pin": "PIN|Código PIN", "org": "Empresa|Hospital|Banco|Centro|Universidad", "city": "Ciudad|Localidad|Lugar de nacimiento|Municipio", "country": "País|Nacionalidad", "date": "Fecha|Fecha de nacimiento|Vencimiento", "phone": "Teléfono|Móvil|Tel.", "email": "Correo|Email|Correo electrónico", "order": "Pedido|Factura|Referencia|Expediente|Póliza", "amount": "Importe|Total|Saldo", "product": "Producto|Modelo|Artículo",
    },
    "fr": {
        "name": "Nom|Nom complet|Nom et prénom|Client|Patient|Titulaire|Salarié|Élève|Contact|Médecin|Expéditeur|Destinataire|Demandeur|Conducteur|Locataire", "first": "Prénom", "last": "Nom|Nom de famille|Nom de jeune fille",
        "address": "Adresse|Domicile|Adresse de livraison|Adresse de facturation|Adresse postale", "address_block": "Adresse|Livrer à", "address_short": "Rue|Adresse|Domicile", "postcode": "Code postal|CP", "age": "Âge|Age", "age_unit": "Âge", "user": "Identifiant|Utilisateur|Nom d'utilisateur|Pseudo",
        "password": "Mot de passe|MDP|Clé wifi", "driver": "Permis de conduire|N° de permis|Permis", "plate": "Immatriculation|Plaque", "pin": "Code PIN|PIN|Code", "org": "Société|Entreprise|Hôpital|Banque|École", "city": "Ville|Lieu de naissance|Commune", "country": "Pays|Nationalité", "date": "Date|Date de naissance|Échéance|Né le", "phone": "Téléphone|Tél.|Portable", "email": "Courriel|E-mail|Mail", "order": "Commande|Facture|Référence|Dossier|Contrat", "amount": "Montant|Total|Solde", "product": "Produit|Modèle|Article",
    },
    "de": {
        "name": "Name|Vollständiger Name|Kunde|Kundin|Patient|Kontoinhaber|Mitarbeiter|Ansprechpartner|Arzt|Absender|Empfänger|Antragsteller|Fahrer|Mieter|Versicherter", "first": "Vorname|Rufname", "last": "Nachname|Familienname|Geburtsname",
        "address": "Adresse|Anschrift|Lieferadresse|Rechnungsadresse|Wohnort|Wohnhaft", "address_block": "Anschrift|Lieferadresse", "address_short": "Straße|Straße und Hausnummer|Adresse", "postcode": "PLZ|Postleitzahl", "age": "Alter", "age_unit": "Alter", "user": "Benutzername|Benutzer|Nutzername|Login",
        "password": "Passwort|Kennwort|WLAN-Passwort", "driver": "Führerscheinnummer|Führerschein-Nr.|Führerschein", "plate": "Kennzeichen|Kfz-Kennzeichen|Amtliches Kennzeichen", "pin": "PIN|Geheimzahl|PIN-Code", "org": "Firma|Arbeitgeber|Krankenhaus|Bank|Schule", "city": "Ort|Stadt|Geburtsort", "country": "Land|Staatsangehörigkeit", "date": "Datum|Geburtsdatum|Fällig am", "phone": "Telefon|Tel.|Mobil|Handy", "email": "E-Mail|Mail", "order": "Bestellung|Rechnung|Aktenzeichen|Kundennummer|Vertrag", "amount": "Betrag|Summe|Saldo", "product": "Produkt|Modell|Artikel",
    },
    "it": {
        "name": "Nome|Nome e cognome|Cliente|Paziente|Intestatario|Dipendente|Contatto|Medico|Mittente|Destinatario|Richiedente|Conducente", "first": "Nome", "last": "Cognome", "address": "Indirizzo|Residenza|Indirizzo di consegna|Domicilio", "address_block": "Indirizzo|Spedire a", "address_short": "Via|Indirizzo",
        "postcode": "CAP", "age": "Età", "age_unit": "Età", "user": "Utente|Nome utente|Login", "password": "Password|Password wifi", "driver": "Patente|Numero patente", "plate": "Targa", "pin": "PIN|Codice PIN", "org": "Azienda|Ospedale|Banca|Scuola", "city": "Città|Luogo di nascita|Comune", "country": "Paese|Nazionalità", "date": "Data|Data di nascita|Scadenza", "phone": "Telefono|Cellulare|Tel.", "email": "Email|E-mail", "order": "Ordine|Fattura|Pratica", "amount": "Importo|Totale", "product": "Prodotto|Modello",
    },
    "pt": {
        "name": "Nome|Nome completo|Cliente|Paciente|Titular|Funcionário|Aluno|Contato|Médico|Remetente|Destinatário|Solicitante|Motorista", "first": "Nome|Nome próprio", "last": "Sobrenome|Apelido", "address": "Endereço|Morada|Endereço de entrega|Residência", "address_block": "Endereço|Enviar para", "address_short": "Rua|Morada|Endereço",
        "postcode": "CEP|Código postal", "age": "Idade", "age_unit": "Idade", "user": "Usuário|Utilizador|Login", "password": "Senha|Palavra-passe", "driver": "CNH|Carta de condução", "plate": "Placa|Matrícula", "pin": "PIN|Código PIN", "org": "Empresa|Hospital|Banco|Escola", "city": "Cidade|Localidade|Naturalidade", "country": "País|Nacionalidade", "date": "Data|Data de nascimento|Vencimento", "phone": "Telefone|Telemóvel|Celular", "email": "Email|E-mail", "order": "Pedido|Fatura|Processo", "amount": "Valor|Total", "product": "Produto|Modelo",
    },
}
PERSONAL = ["name"] * 4 + ["first", "last", "name_reversed", "address", "address", "address_block", "address_short", "postcode", "age", "age_unit", "user", "handle", "password", "driver", "plate", "pin"]
NEUTRAL = ["org", "city", "country", "state", "street", "product", "job", "date", "phone", "email", "order", "amount", "n", "ip", "ssn", "iban", "card", "url", "topic", "time", "day", "month"]


def choose_fields(rng, lang, benign, count):
    labels = LABELS[lang]
    personal = [] if benign else [field for field in PERSONAL if field in labels]
    neutral = [field for field in NEUTRAL if field in labels]
    if benign:
        neutral = [field for field in neutral if field not in ("phone", "email", "ssn", "iban", "card")]
    return [rng.choice(personal if personal and rng.random() < 0.6 else neutral) for _ in range(count)]


def label_of(rng, lang, field):
    return rng.choice(LABELS[lang][field].split("|"))


def form(rng, lang, benign=False):
    """Labelled fields, one a line or in a row."""
    separator = rng.choice([": ", ": ", ": ", ":", " : ", " - ", "\t", ":\t", " = ", "; ", " ", ":\n", ": *", " | "])
    between = rng.choice(["\n", "\n", "\n", "\n", ", ", "; ", " | ", "  ", " ", "\n\n", " / "])
    mark = rng.choice(["", "", "", "", "- ", "* ", "• ", "**", "> "])
    pieces = []
    if rng.random() < 0.4:
        title = rng.choice(["REGISTRATION FORM", "Customer details", "Application", "Booking confirmation", "INCIDENT REPORT", "New patient", "Contact form", "Account information", "Profile", "Shipping label", "Claim form", "Order summary", "Employee record", "Visitor log", "Details:"])
        pieces.append((title + between, None))
    for index, field in enumerate(choose_fields(rng, lang, benign, rng.randint(2, 8))):
        if index:
            pieces.append((between, None))
        label = label_of(rng, lang, field)
        pieces.append((f"{mark}{label}{'**' if mark == '**' else ''}{separator}", None))
        if rng.random() < 0.03:
            pieces.append((rng.choice(["N/A", "n/a", "-", "none", "unknown", "same as above"]), None))
        else:
            pieces.append(value(rng, field, lang))
    return pieces


def keyed(rng, lang, benign=False):
    """JSON, YAML, XML, environment or query form."""
    style = rng.choice(["json", "json", "json_lines", "yaml", "xml", "env", "query", "python"])
    pieces = []
    fields = choose_fields(rng, lang, benign, rng.randint(2, 7))
    quote = '"' if style.startswith("json") else "'"
    for index, field in enumerate(fields):
        key = label_of(rng, lang, field)
        if style != "json" or rng.random() < 0.7:
            key = re.sub(r"\W+", "_", key).strip("_")
            key = key.lower() if rng.random() < 0.7 else key
        text, label = value(rng, field if field != "address_block" else "address", lang)
        text = text.replace(quote, "")
        before, after = {
            "json": (f'"{key}": "', '"'), "json_lines": (f'"{key}":"', '"'), "python": (f"'{key}': '", "'"), "yaml": (f"{key}: ", ""),
            "xml": (f"<{key}>", f"</{key}>"), "env": (f"{key.upper()}=", ""), "query": (f"{key.lower()}=", ""),
        }[style]
        joint = {"json": ",\n  ", "json_lines": ",", "python": ", ", "yaml": "\n", "xml": "\n", "env": "\n", "query": "&"}[style]
        if index:
            pieces.append((joint, None))
        pieces += [(before, None), (text, label)]
        if after:
            pieces.append((after, None))
    if style.startswith("json") or style == "python":
        pieces = [("{\n  " if style == "json" else "{", None)] + pieces + [("\n}" if style == "json" else "}", None)]
        if rng.random() < 0.2:
            pieces = [(rng.choice(['POST /api/v1/customers\n', 'response: ', 'payload=', '{"data": ', 'Here is the record: ']), None)] + pieces
    return pieces


def table(rng, lang, benign=False):
    """CSV, Markdown or aligned columns."""
    fields = [field if field != "address_block" else "address" for field in choose_fields(rng, lang, benign, rng.randint(2, 5))]
    joint = rng.choice([",", ",", ";", "\t", " | ", ", ", "    "])
    pieces = []
    if rng.random() < 0.8:
        pieces.append((joint.join(label_of(rng, lang, field) for field in fields) + "\n", None))
        if joint == " | ":
            pieces.append((joint.join("---" for _ in fields) + "\n", None))
    for row in range(rng.randint(1, 4)):
        if row:
            pieces.append(("\n", None))
        for column, field in enumerate(fields):
            if column:
                pieces.append((joint, None))
            text, label = value(rng, field, lang)
            if joint in (",", ", ") and "," in text:
                pieces += [('"', None), (text, label), ('"', None)]
            else:
                pieces.append((text, label))
    return pieces


LOGS = [
    "{date} {time}:{n} INFO  login ok user={user} ip={ip}", "{date}T{time}:00Z WARN auth - failed password for {user} from {ip} port {n} ssh2",
    "[{date} {time}] {user} logged in", '{ip} - {user} [{date}:{time}] "GET /{n} HTTP/1.1" 200 {n}', "DEBUG send mail to {email} status={n}",
    "ERROR payment {order} declined card={card} holder={name}", "INFO created account for {name} <{email}>", "audit: {user} changed role of {user} to {job}",
    "sshd[{n}]: Accepted password for {user} from {ip} port {n}", "INFO ship order {order} to {address}", "sudo: {user} : TTY=pts/0 ; USER=root", "INFO request {order} took {n} ms",
    "ERROR {product} service unavailable, retry in {n}s", "{time} [main] INFO Server started on port {n}", "WARN cache miss key={order} region={city}", "su: session opened for user {user} by uid={n}",
    'level=info msg="user updated" user={user} name="{name}"', "CRON[{n}]: job finished", "git: {name} <{email}> {date}", "Author: {name} <{email}>\nDate: {date}\n\n    fix {topic}",
    "mysql -u {user} -p{password} -h {ip}", "psql postgres://{user}:{password}@{ip}:{n}/app", "curl -u {user}:{password} {url}", "net use Z: \\\\server\\share /user:{user} {password}",
]
LOGS_BENIGN = [line for line in LOGS if not any(f"{{{field}}}" in line for field in ("user", "email", "name", "password", "card", "address"))] + ["INFO build {order} passed in {n}s", "kernel: eth0 link up {n} Mbps", "WARN disk {n}% full on {ip}"]


def log(rng, lang, benign=False):
    pieces = []
    for index in range(rng.randint(1, 4)):
        if index:
            pieces.append(("\n", None))
        pieces += fill(rng, rng.choice(LOGS_BENIGN if benign else LOGS), "en")
    return pieces


GREETINGS = {
    "en": (["Hi {first},", "Hello {first},", "Dear {first},", "Dear {title} {last},", "Dear {name},", "Hey {first}!", "{first},", "{first} -", "Good morning {first},", "Dear {first} and {first},"], ["Hi,", "Hello,", "Dear all,", "Dear customer,", "Hi team,", "Good afternoon,"],
           ["Thanks,", "Best,", "Best regards,", "Kind regards,", "Sincerely,", "Cheers,", "Regards,", "Many thanks,", "Yours sincerely,", "Warmly,", "Talk soon,", "Thx", "Thank you"]),
    "es": (["Hola {first}:", "Estimado {title} {last}:", "Estimada {first}:", "Buenos días, {first}:"], ["Hola:", "Estimados señores:", "Buenos días:"], ["Un saludo,", "Saludos,", "Atentamente,", "Gracias,"]),
    "fr": (["Bonjour {first},", "Cher {title} {last},", "Madame {last},", "Bonjour {title} {last},"], ["Bonjour,", "Madame, Monsieur,"], ["Cordialement,", "Bien à vous,", "Merci,", "À bientôt,"]),
    "de": (["Hallo {first},", "Sehr geehrte Frau {last},", "Sehr geehrter Herr {last},", "Liebe {first},"], ["Guten Tag,", "Sehr geehrte Damen und Herren,"], ["Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "Danke"]),
    "it": (["Ciao {first},", "Gentile {title} {last},"], ["Buongiorno,", "Gentili signori,"], ["Cordiali saluti,", "Grazie,", "A presto,"]),
    "pt": (["Olá {first},", "Prezado {title} {last},", "Bom dia {first},"], ["Bom dia,", "Prezados,"], ["Atenciosamente,", "Obrigado,", "Abraço,", "Cumprimentos,"]),
}
SIGNATURES = ["{name}", "{first}", "{name}\n{job}\n{org}", "{name}\n{job} | {org}\n{phone}", "{name}\n{org}\n{address_block}\n{phone}", "{full}, {job}", "{name}\nTel. {phone}\n{email}", "{name}\n{address}", "{first}\nSent from my {product}", "{name}\n--\n{org}, {address}"]
SIGNATURES_BENIGN = ["The {org} team", "{org}", "Customer Service", "{org} Support\n{url}", "HR", "The {job}"]
HEADERS = ["From: {name} <{email}>\nTo: {name} <{email}>\nSubject: {topic}\n\n", "To: {name}\nFrom: {name}\nRe: {topic}\nDate: {date}\n\n", "Subject: {topic}\n\n", "On {date}, {name} wrote:\n", "From: {email}\nTo: {email}\nCc: {name} <{email}>\nSubject: Order {order}\n\n", "MEMO\nTO: {name}, {job}\nFROM: {name}\nDATE: {date}\nRE: {topic}\n\n"]
HEADERS_BENIGN = ["Subject: {topic}\n\n", "From: {org}\nSubject: {product}\n\n"]


def letter(rng, lang, benign=False):
    named, unnamed, closings = GREETINGS[lang]
    pieces = []
    if rng.random() < 0.4:
        pieces += fill(rng, rng.choice(HEADERS_BENIGN if benign else HEADERS), lang)
    elif not benign and rng.random() < 0.1:
        pieces += fill(rng, "{name}\n{address_block}\n\n{date}\n\n", lang)
    pieces += fill(rng, rng.choice(unnamed if benign or rng.random() < 0.2 else named), lang)
    gap = rng.choice(["\n\n", "\n\n", "\n", " "])
    pieces.append((gap, None))
    for index in range(rng.randint(1, 3)):
        if index:
            pieces.append((" ", None))
        pieces += sentence(rng, lang, benign or rng.random() < 0.5)
    pieces += [(gap, None), (rng.choice(closings), None), (rng.choice(["\n", "\n", " ", "\n\n"]), None)]
    return pieces + fill(rng, rng.choice(SIGNATURES_BENIGN if benign else SIGNATURES), lang)


TURNS = [("User: ", "Assistant: "), ("Customer: ", "Agent: "), ("A: ", "B: "), ("Q: ", "A: "), ("Human: ", "AI: "), ("Caller: ", "Operator: "), ("- ", "- "), ("Patient: ", "Doctor: ")]
QUESTIONS = {
    "name": ["May I have your name?", "Who am I speaking with?", "Your full name please.", "And your name?", "Can I take a name for the booking?", "What name is on the account?"],
    "address": ["What's your home address?", "Where should we send it?", "Could you confirm the delivery address?", "And the billing address?", "What address is that for?"],
    "age": ["How old are you?", "Your age?", "And how old is the patient?"],
    "user": ["What's your username?", "Which account is it?", "What is your login?"],
    "password": ["And the password?", "Which password did you try?"],
    "pin": ["What PIN did you set?", "Please say your PIN."],
    "driver": ["Your driver's license number?", "Can you read me the number on your licence?"],
    "plate": ["What's the plate?", "And the registration of the car?"],
    "phone": ["What's the best number to reach you?"], "order": ["Do you have the order number?"], "city": ["Where are you calling from?", "Which city?"], "org": ["Who do you work for?", "Which company?"], "product": ["Which product?", "What device is it?"], "date": ["When did it happen?", "Date of birth?"],
}
ANSWERS = ["{}", "{}.", "it's {}", "It is {}.", "Sure, {}", "that would be {}", "{} thanks", "yes, {}.", "Um, {}", "ok {}", "{}, please"]


def chat(rng, lang, benign=False):
    left, right = rng.choice(TURNS)
    if rng.random() < 0.3 and not benign:
        return named_chat(rng, lang)
    pieces = []
    if lang == "en" and rng.random() < 0.6:
        allowed = [field for field in QUESTIONS if not benign or FIELDS[field][0] in (None, "LOCATION", "ORGANIZATION") and field != "phone"]
        for index in range(rng.randint(1, 4)):
            field = rng.choice(allowed)
            answer = rng.choice(ANSWERS)
            before, after = answer.split("{}")
            pieces += [(("\n" if index else "") + right + rng.choice(QUESTIONS[field]) + "\n" + left + before, None), value(rng, field, lang), (after, None)]
        return [piece for piece in pieces if piece[0]]
    for index in range(rng.randint(2, 4)):
        pieces.append((("\n" if index else "") + (left, right)[index % 2], None))
        pieces += sentence(rng, lang, benign or rng.random() < 0.4)
    return pieces


def named_chat(rng, lang):
    """Turns that begin with names or user names."""
    kind = rng.choice(["first", "name", "user"])
    people = [value(rng, kind, lang) for _ in range(2)]
    before, after = rng.choice([("", ": "), ("<", "> "), ("[", "] "), ("", " - "), ("", " (10:42): "), ("[09:15] ", ": ")])
    pieces = []
    for index in range(rng.randint(2, 4)):
        pieces += [(("\n" if index else "") + before, None), people[index % 2], (after, None)]
        pieces += sentence(rng, lang, rng.random() < 0.6)
    return [piece for piece in pieces if piece[0]]


RESUMES = [
    "{name}\n{address} | {phone} | {email}\n\nSummary\n{job} with {n} years of experience.\n\nExperience\n{job}, {org}, {city} ({date} - {date})\n- Led {topic}\n\nEducation\nBSc, {org}\n\nReferences: {name}, {org}",
    "CURRICULUM VITAE\nName: {name}\nDate of birth: {date}\nAddress: {address}\nNationality: {country}\nEducation: {org}, {city}", "{name}\n{job}\n{email} · {phone} · {city}\n\n{org} — {job}\n{org} — {job}\nSkills: Python, Excel, SAP",
]
NOTES = [
    "{title} {last}: pt {name}, {age} M, presents with headache. Lives at {address_short}. Follow up in {n} weeks.", "DISCHARGE SUMMARY\nPatient: {name_reversed}\nAge: {age}\nAttending: {title} {name}\n{first} tolerated the procedure well. Follow up at {org} on {date}.",
    "{age} y.o. female with history of diabetes, here with her daughter {first}. PCP {title} {last}.", "Mr. {last} is a {age_hyphen}-old retired {job}. He was admitted to {org} on {date} with pneumonia.", "Pt: {name}  Age: {age}  MRN: {order}\nHx: asthma, HTN. Meds: metformin {n} mg.",
    "This {age_hyphen}-old woman was seen by {title} {name} at {org}. Her husband {first} ({age}) reports that she fell on {day}.", "Referral: {name}, DOB {date}, {address}. Dear {title} {last}, thank you for seeing this {age_hyphen}-old {job}.",
]
NOTES_BENIGN = ["BP {n}/{n}, HR {n}. Lungs clear. Continue metformin {n} mg daily.", "Impression: community-acquired pneumonia. Plan: antibiotics for {n} days, review on {date}.", "X-ray of the left wrist shows no fracture. Discharged home from {org}.", "Parkinson's and Alzheimer's are diseases of the brain. Crohn's disease affects the gut."]
INVOICES = [
    "INVOICE {order}\nDate: {date}\n\nBill to:\n{name}\n{address_block}\n\n{product}  {n}  {amount}\nTotal  {amount}", "{org}\n{address}\n\nReceipt {order}\n{product} {amount}\nServed by {first}\nThank you!", "Ship from: {org}, {address}\nShip to: {name}, {address}\nTracking {order}",
    "Booking {order}\nGuest: {name}\nCheck-in {date}, check-out {date}\nHotel {org}, {address}\nTotal {amount}", "Policy {order} issued to {name} of {address} by {org}.", "{name}\n{address_block}\n\nAccount {order}\nBalance {amount}",
]
INVOICES_BENIGN = ["INVOICE {order}\nDate: {date}\n{product}  {n}  {amount}\nTotal {amount}", "{org}\nReceipt {order}\n{product} {amount}\n{product} {amount}\nThank you for shopping at {org}!", "Order {order}: {n} x {product}, ships from {city} on {date}."]


def listing(rng, lang, benign=False):
    """A list of people, places or things."""
    head = rng.choice(["Attendees", "Guest list", "Team", "Volunteers", "Players", "Contacts", "Speakers", "On call", "Invited", "Class list"]) if not benign else rng.choice(["Items", "Cities", "Partners", "Months", "Agenda", "Products", "Countries"])
    field = rng.choice(["name", "name", "first", "name_reversed", "address", "user"]) if not benign else rng.choice(["product", "city", "org", "month", "country", "state", "street"])
    mark = rng.choice(["- ", "* ", "", "• ", "{}. ", "{}) "])
    pieces = [(head + rng.choice([":\n", "\n", ": "]), None)] if rng.random() < 0.7 else []
    joint = rng.choice(["\n", "\n", ", ", "; ", " / "])
    for index in range(rng.randint(2, 7)):
        if index:
            pieces.append((joint, None))
        if "\n" in joint:
            pieces.append((mark.format(index + 1), None))
        pieces.append(value(rng, field, lang))
        if rng.random() < 0.2:
            pieces += fill(rng, rng.choice([" ({job})", " - {org}", ", {city}", " ({n})"]), lang)
    return [piece for piece in pieces if piece[0]]


def filled(templates, benign_templates):
    def make(rng, lang, benign=False):
        return fill(rng, rng.choice(benign_templates if benign else templates), lang)

    return make


# Shape → (maker, weight).
SHAPES = {
    "sentence": (sentence, 45),
    "paragraph": (paragraph, 12),
    "form": (form, 9),
    "keyed": (keyed, 6),
    "table": (table, 4),
    "log": (log, 3),
    "letter": (letter, 9),
    "chat": (chat, 7),
    "resume": (filled(RESUMES, ["Skills: SQL, Python. Experience: {job} at {org}, {city}."]), 1),
    "medical": (filled(NOTES, NOTES_BENIGN), 2),
    "invoice": (filled(INVOICES, INVOICES_BENIGN), 3),
    "list": (listing, 4),
}


def strip_punctuation(pieces):
    """As typed in a hurry: no commas, no full stops, no capitals after them."""
    return [(re.sub(r"[.,;:!?]+(?=\s|$)", "", text), label) for text, label in pieces]


def recase(pieces, how):
    def one(sign):
        other = how(sign)
        return other if len(other) == 1 else sign

    return [("".join(one(sign) for sign in text), label) for text, label in pieces]


# What keeps its case when a text is written in capitals or small letters.
CODES = {"USERNAME", "PASSWORD"}


def disturb(rng, pieces):
    draw = rng.random()
    if draw < 0.14:
        pieces = [piece if piece[1] in CODES else recase([piece], str.lower)[0] for piece in pieces]
        if rng.random() < 0.5:
            pieces = strip_punctuation(pieces)
    elif draw < 0.18:
        pieces = [piece if piece[1] in CODES else recase([piece], str.upper)[0] for piece in pieces]
    elif draw < 0.20:
        pieces = [recase([piece], str.lower)[0] if piece[1] not in ("NAME", "ADDRESS", *CODES) else piece for piece in pieces]
    elif draw < 0.23:
        pieces = [recase([piece], str.upper)[0] if piece[1] in ("NAME", "ADDRESS") else piece for piece in pieces]
    elif draw < 0.25:
        pieces = [recase([piece], str.lower)[0] if piece[1] == "NAME" else piece for piece in pieces]
    elif draw < 0.29:
        pieces = strip_punctuation(pieces)
    elif draw < 0.31:
        pieces = [(text.replace("\n", " "), label) for text, label in pieces]
    if rng.random() < 0.05:
        pieces = [(rng.choice([" ", "\n", '"', "> ", "  ", "(", "“"]), None)] + pieces + [(rng.choice(["", '"', ")", " ", "\n"]), None)]
    return [piece for piece in pieces if piece[0]]


def to_row(pieces, lang, shape):
    text, spans = "", []
    for part, label in pieces:
        if label is not None:
            lead = len(part) - len(part.lstrip())
            trail = len(part.rstrip())
            if trail > lead:
                spans.append({"start": len(text) + lead, "end": len(text) + trail, "type": label})
        text += part
    return {"text": text, "spans": spans, "lang": lang, "source": f"generated/{shape}"}


def generate(rows, seed):
    rng = random.Random(seed)
    shapes = sorted(SHAPES)
    weights = [SHAPES[shape][1] for shape in shapes]
    seen = set()
    while rows:
        shape = rng.choices(shapes, weights)[0]
        lang = rng.choice(LANGUAGES)
        benign = rng.random() < 0.22
        row = to_row(disturb(rng, SHAPES[shape][0](rng, lang, benign)), lang, shape)
        if row["text"].strip() and row["text"] not in seen:
            seen.add(row["text"])
            rows -= 1
            yield row


def main():
    output = pathlib.Path(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    with output.open("w", encoding="utf-8") as file:
        for row in generate(rows, seed):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
