"""What is this about?"""

from __future__ import annotations

from pages.parts import about, later, shell, today

here = shell.open_page()
about.heading(here)
about.answer(here, today.news)
about.start(here)
about.said(here)
about.background(here)
later.follow()
