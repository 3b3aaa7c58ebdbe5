"""Who may change settings over the network: owner and installer, each with a password of his own.

Told the uptime in seconds, which never rolls over, and handed random bytes.
"""

from binascii import hexlify

from fairamp import scram
from fairamp.settings.kinds import INSTALLER, OWNER

USERS = {"owner": OWNER, "installer": INSTALLER}
# Who has not asked for anything for so long has to log in again.
IDLE_S = 1800
# Of each, so many are remembered; the oldest has to begin anew.
MOST = 4
# Wrong tries, of which one is forgiven in a minute; from so many on, who asks is told to wait.
MOST_WRONG = 10
FORGIVEN_S = 60
MOST_NONCE = 64


class Access:
    def __init__(self, settings):
        self._settings = settings
        self._begun: list = []  # (both nonces, user, what is signed)
        self._tokens: list = []  # [token, role, check value of the password, when it was used last], the newest last
        self._wrong = 0  # tries that are not forgiven yet
        self._forgiven_s = 0  # when the last one was

    def check_value(self, role: int) -> str:
        """Of the password of that role; "" = there is none, and nobody has that role."""
        return self._settings["web.installer_password"] if role == INSTALLER else self._settings["web.password"]

    def begin(self, user: str, nonce: str, random: bytes):
        """The first step of a log-in: what the password has to be stretched with. None = there is no such user."""
        found = scram.parts(self.check_value(USERS[user])) if user in USERS else None
        if found is None or not nonce or len(nonce) > MOST_NONCE or "," in nonce:
            return None
        count, salt = found[:2]
        both = nonce + hexlify(random).decode()
        self._begun.append((both, user, scram.message(user, nonce, both, salt, count)))
        del self._begun[:-MOST]
        return {"nonce": both, "salt": salt, "count": count}

    def finish(self, now_s: int, both: str, shown: bytes, random: bytes):
        """The second step: a token, and the proof of the box that it knows the password. None = it was wrong."""
        begun = [one for one in self._begun if one[0] == both]
        if not begun:
            return None
        self._begun.remove(begun[0])
        _, user, signed = begun[0]
        value = self.check_value(USERS[user])
        found = scram.parts(value)
        if found is None or not scram.proves(shown, found[2], signed):
            return None
        self._tokens.append([random, USERS[user], value, now_s])
        del self._tokens[:-MOST]
        return {
            "token": hexlify(random).decode(),
            "role": user,
            "proof": scram.text_of(scram.hmac(found[3], signed)),
        }

    def role(self, now_s: int, token: bytes) -> int:
        """Of who brings that token; 0 = it is wrong, or too old, or the password was changed since."""
        role = 0
        for one in list(self._tokens):
            if now_s - one[3] > IDLE_S or one[2] != self.check_value(one[1]):
                self._tokens.remove(one)
            elif scram.same(one[0], token):
                role, one[3] = one[1], now_s
        return role

    def knows(self, role: int, salted: bytes) -> bool:
        """Is that the stretched password of the role?"""
        value = self.check_value(role)
        found = scram.parts(value)
        return found is not None and scram.same(scram.check_value(salted, found[1], found[0]).encode(), value.encode())

    def is_wrong(self, now_s: int) -> bool:
        """Counts a wrong try, at whatever door; True when there were too many."""
        forgiven = (now_s - self._forgiven_s) // FORGIVEN_S
        self._forgiven_s += forgiven * FORGIVEN_S
        self._wrong = min(max(0, self._wrong - forgiven) + 1, 2 * MOST_WRONG)
        return self._wrong >= MOST_WRONG
