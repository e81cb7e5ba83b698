from __future__ import annotations

import ipaddress
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.schema.errors import ParameterError
from tenon.web.rooms.webhooks import WebhookError, post, refusal_of_address, secret_of, target_of

REFUSED = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1",  # noqa: S104 - refused, not listened on
    "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.7", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
    "fc00::1", "fd12::3", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::",
]  # fmt: skip
URL = "https://hooks.example.org/tenon"


@pytest.mark.parametrize("address", REFUSED)
def test_nothing_goes_to_an_address_that_is_not_public(address: str) -> None:
    assert refusal_of_address(ipaddress.ip_address(address))
    with pytest.raises(WebhookError, match="nothing was sent"):
        post(URL, b"{}", {}, resolve=lambda _host: [address], connect=_no_connection)


@pytest.mark.parametrize("address", ["9.9.9.9", "1.1.1.1", "2620:fe::fe"])
def test_public_addresses_are_public(address: str) -> None:
    assert refusal_of_address(ipaddress.ip_address(address)) == ""


@given(st.ip_addresses(v=4))
def test_an_address_of_version_4_is_refused_in_disguise_too(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for wrapped in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert refusal_of_address(ipaddress.IPv6Address(wrapped))


def _no_connection(_address: str, _host: str) -> socket.socket:
    raise AssertionError("nothing may be connected to")


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(WebhookError, match="private"):
        post(URL, b"{}", {}, resolve=lambda _host: ["9.9.9.9", "10.0.0.1"], connect=_no_connection)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://hooks.example.org/", "https://hooks.example.org:8443/", "https:///path",
        "https://user:secret@hooks.example.org/", "https://hooks.example.org/#part", "https://localhost/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://0x7f.1/",
        "https://10.1/", "https://hooks.example.org/a b", "https://hooks.example.org/\r\nHost: x",
        "https://hooks.example.org:x/", "https://" + "a" * 500 + ".org/", "file:///etc/passwd", "",
    ],
)  # fmt: skip
def test_an_address_that_could_reach_into_the_network_is_refused(url: str) -> None:
    with pytest.raises(ParameterError, match="address of a webhook must"):
        target_of(url)


def test_a_host_is_written_as_the_network_knows_it() -> None:
    assert target_of("https://Höoks.Example.org").host == "xn--hoks-5qa.example.org"
    assert target_of("https://9.9.9.9/x?y=1") == ("9.9.9.9", "/x?y=1")


class Receiver:
    """Answers one request over a pair of sockets, and keeps what came."""

    def __init__(self, answer: bytes) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.got = b""
        self.addresses: list[tuple[str, str]] = []
        self._answer = answer
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self.got.endswith(b"}"):
            self.got += self.theirs.recv(65536)
        self.theirs.sendall(self._answer)
        self.theirs.close()

    def connect(self, address: str, host: str) -> socket.socket:
        self.addresses.append((address, host))
        return self.ours

    def send(self) -> None:
        try:
            post(URL, b'{"a": 1}', {"Tenon-Timestamp": "7"}, resolve=lambda _host: ["9.9.9.9"], connect=self.connect)
        finally:
            self._thread.join()


def test_a_message_is_handed_to_the_very_address_that_was_checked() -> None:
    receiver = Receiver(b"HTTP/1.1 204 No Content\r\n\r\n")
    receiver.send()
    assert receiver.addresses == [("9.9.9.9", "hooks.example.org")]
    head, _, body = receiver.got.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /tenon HTTP/1.1\r\nHost: hooks.example.org\r\n")
    assert b"Content-Length: 8" in head
    assert b"Tenon-Timestamp: 7" in head
    assert body == b'{"a": 1}'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: https://10.0.0.1/\r\n\r\n", "answered with status 302"),
        (b"HTTP/1.1 500 Oops\r\n\r\n", "answered with status 500"),
        (b"220 mail.example.org ESMTP\r\n", "none of HTTP"),
        (b"", "none of HTTP"),
        (b"x" * 5000, "none of HTTP"),
    ],
)
def test_only_success_is_success_and_redirects_are_not_followed(answer: bytes, said: str) -> None:
    receiver = Receiver(answer)
    with pytest.raises(WebhookError, match=said):
        receiver.send()
    assert len(receiver.addresses) == 1


def test_a_host_that_has_no_address_is_said() -> None:
    with pytest.raises(WebhookError, match="has no address"):
        post(URL, b"{}", {}, resolve=lambda _host: [], connect=_no_connection)


def test_a_secret_is_made_from_salt_and_key() -> None:
    assert secret_of("id", "salt") == secret_of("id", "salt") != secret_of("id", "other")
