"""The card that has started a session, for whoever may read it."""

from client import Clients, box_with

from checks import equal

CARD = "04A1B2C3"
BLANKS = 20 * b" "


def show(mennekes, number):
    text = 20 * " " + number
    text = text[-20:].encode()
    return mennekes.write(1110, *[text[at] << 8 | text[at + 1] for at in range(0, 20, 2)])


def make(disclose, start="request"):
    box = box_with(ems={"disclose_card": disclose}, charger={"start": start})
    mennekes, vestel = Clients(box, "mennekes", 255), Clients(box, "vestel", 255)

    def cards():
        wide = vestel.read_bytes(1516, 15)
        return mennekes.read_bytes(720, 10), bytes([one for one in wide if one])

    return box.point.session, mennekes, cards


def test_energy_managers_read_the_card_of_a_session_where_the_settings_say_so():
    session, mennekes, cards = make(True)
    equal(cards(), (BLANKS, b""))
    session.plug(0, 0)
    equal((show(mennekes, CARD), session.authorised), (0, True))
    equal(cards(), (b"            04A1B2C3", b"04A1B2C3"))
    # It stays while that card has stopped the session, and goes with the car.
    equal((show(mennekes, CARD), session.stopped), (0, True))
    equal(cards()[1], b"04A1B2C3")
    equal((show(mennekes, "FF00"), session.stopped), (0, False))
    equal(cards()[1], b"FF00")
    session.unplug()
    equal(cards(), (BLANKS, b""))
    # The next car has none before it shows one, and neither has a card without a car.
    show(mennekes, CARD)
    session.plug(0, 0)
    equal(cards(), (BLANKS, b""))


def test_nobody_reads_it_otherwise():
    session, mennekes, cards = make(False)
    session.plug(0, 0)
    equal((show(mennekes, CARD), session.card), (0, CARD))
    equal(cards(), (BLANKS, b""))


def test_twenty_letters_fit():
    session, mennekes, cards = make(True)
    session.plug(0, 0)
    show(mennekes, "01234567890123456789")
    equal(cards(), (b"01234567890123456789", b"012345678901234"))
