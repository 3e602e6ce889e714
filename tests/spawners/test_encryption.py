"""A start under internal TLS on a real hub: the key is made in the job, and nobody without a certificate is heard."""

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from aula_spawner.credentials import AUTHORITIES, GIVEN, Credentials
from aula_spawner.signing import checked_key
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tornado.web import HTTPError

from tests.spawners.encrypted_server import ask, serving, signed
from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture(scope="module")
def running_hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A hub with internal TLS, for all tests of this file."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder, encrypted=True)
    hub.start()
    yield hub
    hub.kill()


def pem(key: Any) -> str:
    """Return the public half of a key, as a job sends it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return str(key.public_key().public_bytes(serialization.Encoding.PEM, form).decode())


def job(hub: HubDouble, slurm: SlurmDouble, name: str = "ana", *, runs: bool = True) -> dict[str, str]:
    """Start a server and return the environment of its job, which runs on node1 unless it shall wait."""
    number = len(slurm.jobs()) + 1
    assert hub.ask("POST", f"/users/{name}/server").status_code == 202
    environment = slurm.wait_for_job(number)["environment"]
    assert isinstance(environment, dict)
    if runs:
        slurm.set_state(number, "RUNNING")
    return {str(key): str(value) for key, value in environment.items()}


def test_who_shows_no_certificate_is_not_heard(hub: HubDouble) -> None:
    """The hub's API answers neither plain HTTP nor TLS without a client certificate, whatever token comes with it."""
    url = f"{hub.url}/api/"
    assert requests.get(url, timeout=5, **hub.tls).ok
    for address in (url, url.replace("https:", "http:")):
        with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)):
            requests.get(address, timeout=5, verify=hub.tls["verify"])


def test_no_key_of_a_server_travels(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A start sends its job what speaks to the hub, and no server's key; nothing of it is in the batch script."""
    environment = job(hub, slurm)
    script = str(slurm.wait_for_job(slurm.jobs()[-1])["script"])
    assert not [name for name in environment if name.startswith("JUPYTERHUB_SSL_")]
    assert environment["JUPYTERHUB_API_URL"].startswith("https://")
    assert environment[GIVEN] not in script
    assert "BEGIN" not in script
    assert not (hub.certificates / "user-ana").exists()


def test_a_start_goes_through_and_its_server_hears_hub_and_proxy_alone(hub: HubDouble, slurm: SlurmDouble) -> None:
    """The server becomes ready over TLS; a neighbour with no certificate, a start's or a server's gets nothing."""
    environment = job(hub, slurm)
    given = {name: environment[name] for name in (GIVEN, AUTHORITIES)}
    credentials = signed(environment)
    neighbour = job(hub, slurm, "carla")
    signed(neighbour)
    with serving(environment) as port:
        ask(environment, credentials, "aula/port", {"port": port})
        assert hub.wait_until("ana", ready=True)
        url = f"https://127.0.0.1:{port}/"
        assert requests.get(url, timeout=5, **hub.tls).status_code == 200
        certificates = (None, (neighbour["JUPYTERHUB_SSL_CERTFILE"], neighbour["JUPYTERHUB_SSL_KEYFILE"]))
        for certificate in certificates:
            with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)):
                requests.get(url, timeout=5, cert=certificate, verify=hub.tls["verify"])
        with pytest.raises((ssl.SSLError, OSError)):
            with_start_credentials(given, port)


def with_start_credentials(given: dict[str, str], port: int) -> bytes:
    """Ask a server, showing what a start is given to speak to the hub with."""
    context = Credentials(dict(given)).context
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain, context.wrap_socket(plain) as sock:
        sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return sock.recv(100)


def test_the_certificate_names_the_jobs_node_and_the_servers_name(hub: HubDouble, slurm: SlurmDouble) -> None:
    """It is the hub that says what a certificate is for: the node's address from Slurm, and the server's web name."""
    environment = job(hub, slurm)
    signed(environment)
    found = x509.load_pem_x509_certificate(Path(environment["JUPYTERHUB_SSL_CERTFILE"]).read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["127.0.0.1", "localhost"]
    constraints = found.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert not constraints.ca
    assert found.issuer.rfc4514_string() == "CN=notebooks-ca"


def test_a_start_has_one_key_signed(hub: HubDouble, slurm: SlurmDouble) -> None:
    """The same key is signed again, for an answer may be lost; another one is refused, and so is another's token."""
    environment = job(hub, slurm)
    token = environment["JUPYTERHUB_API_TOKEN"]
    first, second = (pem(ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
    for key, status in ((first, 200), (first, 200), (second, 400)):
        assert hub.ask("POST", "/aula/certificate", token, json={"public_key": key}).status_code == status
    for other in (hub.token_of("ana"), "admin-token-of-the-tests", "made-up", ""):
        assert hub.ask("POST", "/aula/certificate", other, json={"public_key": first}).status_code == 403


def test_before_its_node_is_known_a_job_asks_again(hub: HubDouble, slurm: SlurmDouble) -> None:
    """While Slurm does not say where a job is, nothing is signed, and the same key still may be."""
    environment = job(hub, slurm, runs=False)
    body = {"public_key": pem(ec.generate_private_key(ec.SECP256R1()))}
    token = environment["JUPYTERHUB_API_TOKEN"]
    assert hub.ask("POST", "/aula/certificate", token, json=body).status_code == 503
    slurm.set_state(slurm.jobs()[-1], "RUNNING")
    assert hub.ask("POST", "/aula/certificate", token, json=body).status_code == 200


BAD_KEYS: dict[str, Any] = {
    "nothing": "",
    "no text": 5,
    "no PEM": "ssh-rsa AAAA",
    "another kind": pem(rsa.generate_private_key(65537, 2048)),
    "another curve": pem(ec.generate_private_key(ec.SECP384R1())),
    "not ASCII": "-----BEGIN PUBLIC KEY-----\né\n-----END PUBLIC KEY-----",
    "NUL": "\x00",
    "a private key": ec.generate_private_key(ec.SECP256R1())
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode(),
    "ten megabytes": "x" * 10_000_000,
}


GOOD = pem(ec.generate_private_key(ec.SECP256R1()))


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_anything_but_a_fitting_key_is_a_400(key: object) -> None:
    """Whatever is no P-256 key in PEM is refused in words; a good key beside something else is, too."""
    for body in ({"public_key": key}, {"public_key": GOOD, "names": [key]}, {"key": GOOD}, [GOOD]):
        with pytest.raises(HTTPError, match="Send exactly") as refused:
            checked_key(json.dumps(body).encode())
        assert refused.value.status_code == 400
    assert checked_key(json.dumps({"public_key": GOOD}).encode()) == GOOD


def test_a_killed_hub_keeps_its_authorities(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A hub killed in the middle of a start, and again afterwards, takes it up and speaks TLS with its server."""
    environment = job(hub, slurm)
    credentials = signed(environment)
    hub.kill()
    hub.start()
    with serving(environment) as port:
        ask(environment, credentials, "aula/port", {"port": port})
        assert hub.wait_until("ana", ready=True)
        hub.kill()
        hub.start()
        assert hub.wait_until("ana", ready=True)
        assert slurm.state(slurm.jobs()[-1]) == "RUNNING"


def test_a_server_that_does_not_speak_as_the_hub_does_is_ended(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A hub that finds a server of the time before internal TLS was switched ends its job, and says so in its log."""
    environment = job(hub, slurm)
    credentials = signed(environment)
    number = slurm.jobs()[-1]
    with serving(environment) as port:
        ask(environment, credentials, "aula/port", {"port": port})
        assert hub.wait_until("ana", ready=True)
        hub.kill()
        hub.encrypt(on=False)
        hub.start()
        try:
            hub.wait_until("ana", ready=False)
            assert slurm.state(number) == "CANCELLED"
            assert "is ended: internal TLS was switched" in (hub.folder / "hub.log").read_text()
        finally:
            hub.kill()
            hub.encrypt(on=True)
            hub.start()
