#!/usr/bin/env bash
# Real parts for the tests: Chromium and PostgreSQL, through apt where we may, else one line that says what to install.
# With "office" also what opens slides and sheets and makes pictures of them: LibreOffice, the fonts it needs, poppler.
set -u
missing=()
for browser in chromium chromium-browser google-chrome; do command -v "$browser" >/dev/null 2>&1 && found=1 && break; done
[ -n "${CHROMIUM:-}${found:-}" ] || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing+=(postgresql)
if [ "${1:-}" = office ]; then
  command -v soffice >/dev/null 2>&1 || missing+=(libreoffice-impress fonts-liberation)
  # Slides need one part of it, sheets another.
  ls "$(dirname "$(readlink -f "$(command -v soffice || echo /none)")")/libsclo.so" >/dev/null 2>&1 || missing+=(libreoffice-calc)
  command -v pdftoppm >/dev/null 2>&1 || missing+=(poppler-utils)
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing ${missing[*]} for the tests (once)"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "The tests need ${missing[*]}. Install it, for example with: sudo apt-get install ${missing[*]}"
  exit 1
fi
