"""Parameters that others add to an address, and that say nothing of the page."""

# By messengers, mail and advertisements, when an address is sent on. Facebook and Instagram
# (fbclid, mibextid, igsh, igshid), Zalo (zarsrc, zalo), Google and others (gclid to wbraid, _gl, srsltid), Microsoft,
# Yandex, X, TikTok, LinkedIn, Mailchimp, HubSpot.
ADDED = (
    *(
        "fbclid",
        "mibextid",
        "igsh",
        "igshid",
        "zarsrc",
        "zalo",
        "gclid",
        "gclsrc",
        "dclid",
        "gad_source",
        "gad_campaignid",
    ),
    *(
        "gbraid",
        "wbraid",
        "_gl",
        "_ga",
        "srsltid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
    ),
    *("_hsenc", "_hsmi"),
)


def is_added(parameter: str) -> bool:
    """Whether a parameter of an address says nothing of the page."""
    return parameter in ADDED or parameter.startswith("utm_")
