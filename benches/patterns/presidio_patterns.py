"""Time Presidio's pattern recognisers over the benchmark text.

No language model is loaded: only the recognisers that read patterns, for the types that both sides
know, without context enhancement. Prints one line of JSON: bytes, seconds per pass (median), findings.

Usage: presidio_patterns.py TEXT_FILE [ROUNDS [BYTES]]; a text shorter than BYTES is repeated up to them.
"""

import json
import logging
import statistics
import sys
import time

from presidio_analyzer import predefined_recognizers as recognisers

# Recogniser → the types of the API that it stands for.
PEERS = [
    recognisers.AbaRoutingRecognizer,  # US_BANK_ROUTING_NUMBER
    recognisers.CaSinRecognizer,  # CA_SOCIAL_INSURANCE_NUMBER
    recognisers.CreditCardRecognizer,  # CREDIT_DEBIT_CARD_NUMBER
    recognisers.EmailRecognizer,  # EMAIL
    recognisers.IbanRecognizer,  # INTERNATIONAL_BANK_ACCOUNT_NUMBER
    recognisers.IpRecognizer,  # IP_ADDRESS
    recognisers.MacAddressRecognizer,  # MAC_ADDRESS
    recognisers.NhsRecognizer,  # UK_NATIONAL_HEALTH_SERVICE_NUMBER
    recognisers.PhoneRecognizer,  # PHONE
    recognisers.UkNinoRecognizer,  # UK_NATIONAL_INSURANCE_NUMBER
    recognisers.UrlRecognizer,  # URL
    recognisers.UsBankRecognizer,  # US_BANK_ACCOUNT_NUMBER
    recognisers.UsItinRecognizer,  # US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER
    recognisers.UsLicenseRecognizer,  # DRIVER_ID
    recognisers.UsPassportRecognizer,  # US_PASSPORT_NUMBER
    recognisers.UsSsnRecognizer,  # US_SOCIAL_SECURITY_NUMBER
]


def one_pass(instances, text):
    """All findings of every recogniser on the text."""
    found = 0
    for recogniser in instances:
        found += len(recogniser.analyze(text, recogniser.supported_entities, None))
    return found


def main():
    """Load, warm up, time."""
    logging.disable(logging.CRITICAL)  # a recogniser complains that it may not download a list of domains
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    text *= max(1, -(-size // len(text.encode())))
    instances = [peer() for peer in PEERS]
    found = one_pass(instances, text)
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        one_pass(instances, text)
        seconds.append(time.process_time() - start)
    print(json.dumps({"bytes": len(text.encode()), "seconds": statistics.median(seconds), "findings": found}))


if __name__ == "__main__":
    main()
