"""Sends an account's last receipt to its address: the address is then gone from here."""

from __future__ import annotations

import logging

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from memories.types import Receipt

logger = logging.getLogger(__name__)


def send(receipt: Receipt, address: str) -> bool:
    """True when the mail server took it. The erasure is done either way, and the page shows the same receipt."""
    body = render_to_string("erasure/receipt_email.txt", {"receipt": receipt})
    message = EmailMessage(subject="Your account was erased: the receipt", body=body, to=[address])
    try:
        return bool(message.send())
    except Exception as error:
        # The class alone: a mail server's answer repeats the address.
        logger.error("a last receipt could not be sent: %s", type(error).__name__)
        return False
