from __future__ import annotations

import urllib.error
import urllib.request

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "path", ["/", "/explain?case=8", "/_stcore/health", "/static/nothing.js", "/_stcore/upload_file/x"]
)
def test_every_answer_carries_the_security_headers(server: str, path: str) -> None:
    try:
        headers = urllib.request.urlopen(server + path, timeout=30).headers
    except urllib.error.HTTPError as error:
        headers = error.headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
