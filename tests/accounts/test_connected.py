"""Signing in by an identity provider: a small real one of OpenID Connect on this machine, and what is not believed of it."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from landgis.accounts import environment
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import User
from landgis.changes.models import AuditEntry
from landgis.env import WrongSetting, check
from tests import factors

BEGIN = "/officer/sign-in/oidc/office/"
CLIENT, SECRET = "landgis", "bí mật của máy khách"


class Provider(ThreadingHTTPServer):
    """Authorization code flow with PKCE for one client; `subject` is who is signed in there, `wrong` replaces claims."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.signs_with = self.key
        self.subject = "can-bo-1"
        self.wrong: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}  # by code

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        said = {name: value for name, value in {**claims, **self.wrong}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "1"}, said, self.signs_with)


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *arguments: Any) -> None:
        """The test says what went wrong."""

    def _answer(self, told: Any, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        asked, issuer = urlsplit(self.path), self.server.issuer
        if asked.path == "/.well-known/openid-configuration":
            self._answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif asked.path == "/keys":
            self._answer({"keys": [self.server.key.as_dict(private=False)]})
        else:
            said = dict(parse_qsl(asked.query))
            code = secrets.token_urlsafe(8)
            self.server.asked[code] = said
            self.send_response(302)
            self.send_header("Location", f"{said['redirect_uri']}?{urlencode({'code': code, 'state': said['state']})}")
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {name: values[0] for name, values in parse_qs(body).items()}
        begun = self.server.asked.pop(said.get("code", ""), None)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        is_right = (
            begun is not None
            and (said.get("client_id"), said.get("client_secret")) == (CLIENT, SECRET)
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == begun.get("code_challenge")
        )
        if not is_right or begun is None:
            self._answer({"error": "invalid_grant"}, 400)
            return
        token = self.server.id_token(begun.get("nonce", ""))
        self._answer({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})


@pytest.fixture
def provider(settings: Any, tmp_path: Path, empty_world: str) -> Iterator[Provider]:
    """It runs, and the site knows it."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kept = tmp_path / "secret"
    kept.write_text(f"{SECRET}\n", encoding="utf-8")
    said = {"ISSUER": server.issuer, "CLIENT": CLIENT, "SECRET_FILE": kept, "NAME": "VNeID"}
    settings.SOCIALACCOUNT_PROVIDERS = environment.providers({f"LANDGIS_OIDC_{k}": v for k, v in said.items()}.get)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def officer(empty_world: str) -> User:
    ensure_roles()
    user = User.objects.create_user("officer", password="x")
    user.groups.set([Group.objects.get(name="officer")])
    return user


def round_trip(client: Client, **said: str) -> Any:
    """To the provider and back, as a browser goes."""
    away = client.post(BEGIN, said)
    assert away.status_code == 302, away.content.decode()
    back = requests.get(away["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def connected(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert round_trip(client, process="connect").status_code == 302
    assert SocialAccount.objects.get().user == officer


def is_in(client: Client) -> bool:
    return client.get("/officer/").status_code == 200


def test_whoever_has_connected_it_signs_in(provider: Provider, officer: User) -> None:
    connected(officer)
    client = Client()
    assert "VNeID" in client.get("/officer/sign-in/").content.decode()
    assert round_trip(client, next="/officer/upload/")["Location"] == "/officer/upload/"
    assert is_in(client)
    assert AuditEntry.objects.filter(verb="person.connected", by="officer").count() == 1
    page = client.get("/officer/account/connected/").content.decode()
    assert "Hủy kết nối" in page
    client.post("/officer/account/connected/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_a_stranger_is_refused_and_gets_no_account(provider: Provider, officer: User) -> None:
    connected(officer)
    provider.subject = "somebody-else"
    client = Client()
    page = round_trip(client)
    assert "Chưa có tài khoản nào ở đây" in page.content.decode()
    assert not is_in(client) and User.objects.count() == 1 and SocialAccount.objects.count() == 1


def test_the_second_factor_is_asked_for_all_the_same(provider: Provider, officer: User) -> None:
    officer.groups.set([Group.objects.get(name="approver")])
    connected(officer)
    client = Client()
    assert round_trip(client)["Location"] == "/officer/sign-in/second/" and not is_in(client)
    client.post("/officer/sign-in/second/", {"code": factors.code(officer)})
    assert is_in(client)


def test_an_ended_account_does_not_come_in_by_it(provider: Provider, officer: User) -> None:
    connected(officer)
    User.objects.update(is_active=False)
    client = Client()
    assert round_trip(client)["Location"] == "/officer/sign-in/ended/" and not is_in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another-client"},
        {"iss": "http://127.0.0.1:9"},
        {"nonce": "of another question"},
        {"nonce": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"aud": None},
        {"sub": None},
    ],
    ids=str,
)
def test_what_is_not_for_us_now_is_not_believed(provider: Provider, officer: User, wrong: dict[str, Any]) -> None:
    connected(officer)
    provider.wrong = wrong
    client = Client(raise_request_exception=False)
    page = round_trip(client)
    assert page.status_code == 401 and "Chưa đăng nhập được" in page.content.decode()
    assert not is_in(client)


def test_another_signature_is_not_believed(provider: Provider, officer: User) -> None:
    connected(officer)
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    client = Client()
    assert round_trip(client).status_code == 401 and not is_in(client)


def test_an_answer_to_nobodys_question_is_refused(provider: Provider, officer: User) -> None:
    connected(officer)
    client = Client()
    answer = client.get(f"{BEGIN}back/?code=x&state=never-was")
    assert answer.status_code == 401 and not is_in(client)
    assert client.get(BEGIN).status_code == 405  # a link does not begin it
    assert client.post("/officer/sign-in/oidc/another/").status_code == 404


def test_wrong_settings_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDGIS_OIDC_ISSUER", "http://id.example.gov.vn")
    with pytest.raises(WrongSetting, match=r"LANDGIS_OIDC_ISSUER.*https://id.example"):
        check()
    monkeypatch.setenv("LANDGIS_OIDC_ISSUER", "https://id.example.gov.vn/realm")
    with pytest.raises(WrongSetting, match="write LANDGIS_OIDC_CLIENT and LANDGIS_OIDC_SECRET_FILE as well"):
        check()
    monkeypatch.setenv("LANDGIS_OIDC_SECRET_FILE", "/nowhere/at-all")
    with pytest.raises(WrongSetting, match=r"LANDGIS_OIDC_SECRET_FILE.*a file that exists"):
        check()
