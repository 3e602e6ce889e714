"""A provider that hands out whatever ID token the test made: what an attacker between hub and provider would."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


class ForgingProvider:
    """Publishes one key, and answers every code with the token that it was last given."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.token: Any = None
        self.asked: dict[str, str] = {}
        forger = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer discovery and the question for keys."""
                issuer = forger.issuer
                answers: dict[str, Any] = {
                    "/.well-known/openid-configuration": {
                        "issuer": issuer,
                        "authorization_endpoint": f"{issuer}/auth",
                        "token_endpoint": f"{issuer}/token",
                        "jwks_uri": f"{issuer}/keys",
                    },
                    "/keys": {"keys": [forger.public]},
                }
                self._say(answers[self.path])

            def do_POST(self) -> None:
                """Answer any code."""
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                forger.asked = {name: values[0] for name, values in parse_qs(body).items()}
                self._say({"access_token": "x", "token_type": "Bearer", "id_token": forger.token})

            def _say(self, answer: Any) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def public(self) -> dict[str, Any]:
        """The published key."""
        return {**RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True), "kid": "1", "use": "sig"}

    def sign(self, claims: dict[str, Any], key: Any = None, algorithm: str = "RS256", kid: str = "1") -> str:
        """Return an ID token."""
        return jwt.encode(claims, key or self.key, algorithm=algorithm, headers={"kid": kid})

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
