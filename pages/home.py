"""What is this about?"""

from __future__ import annotations

from pages.parts import about, shell

here = shell.open_page()
about.heading(here)
about.answer(here)
about.start(here)
about.said(here)
about.background(here)
