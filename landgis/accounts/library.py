"""Settings of people and of the library of the sign-in (allauth), a part of landgis/settings.py."""

AUTH_USER_MODEL = "accounts.User"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench:list"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# What the library asks the house is in adapters.py.
ACCOUNT_ADAPTER = "landgis.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the administrator sets addresses
ACCOUNT_SESSION_REMEMBER = False  # it ends with the browser, and after a working day
ACCOUNT_REAUTHENTICATION_METHODS = {"password"}  # everybody has chosen one
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {
    # Fifty people of a hall stand behind one address; five failures each within minutes are not reached by them.
    "login": "600/m/ip",
    # After the fifth failure a minute, after the sixth five, after each later one a quarter of an hour; the shortest first,
    # or one that has to wait would count with the longer ones.
    "login_failed": "250/5m/ip,5/m/key,6/6m/key,7/21m/key,50/d/key",
    "forgotten": "60/5m/ip,5/5m/key",
    "reauthenticate": "30/m/user",
    "change_password": "10/m/user",
}
MFA_ADAPTER = "landgis.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"activate_totp": "landgis.accounts.forms.FirstCodeForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are not always right
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
SOCIALACCOUNT_ADAPTER = "landgis.accounts.adapters.OtherAccountAdapter"
