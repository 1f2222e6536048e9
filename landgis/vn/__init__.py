"""Vietnam: national rules as data and plug-ins.

Nothing imports this package; it registers itself. An installation without it works.
"""

from pathlib import Path

HERE = Path(__file__).parent
