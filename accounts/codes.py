"""One-time codes by e-mail, for those who have no password and no second factor to prove themselves by."""

from __future__ import annotations

import secrets
import time

from django.contrib.auth.hashers import check_password, make_password
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.models import User

KEY = "stepup_code"
LIFE = 600
"""Seconds a code is good for."""
TRIES = 5
LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""None that looks like another, no vowels that would make words."""


def send(request: HttpRequest, user: User) -> None:
    """A new code to the person's own address; the one before ends."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    request.session[KEY] = {"hash": make_password(code), "until": time.time() + LIFE, "tries": 0}
    words = {"code": f"{code[:4]}-{code[4:]}", "site": request.get_host()}
    body = render_to_string("account/email/stepup_code.txt", words)
    EmailMessage(subject="Your code for memsite", body=body, to=[user.email]).send()


def sent(request: HttpRequest) -> bool:
    """Whether a code is out that can still be typed."""
    held = request.session.get(KEY)
    return held is not None and time.time() < held["until"] and held["tries"] < TRIES


def right(request: HttpRequest, typed: str) -> bool:
    """Compares once; a right code cannot be used again, and after five wrong ones none is right."""
    if not sent(request):
        return False
    held = request.session[KEY]
    held["tries"] += 1
    request.session.modified = True
    plain = "".join(letter for letter in typed.upper() if letter in LETTERS)
    if not check_password(plain, held["hash"]):
        return False
    del request.session[KEY]
    return True
