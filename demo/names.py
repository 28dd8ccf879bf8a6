"""Names for everybody else in the demo."""


def _names(line: str) -> tuple[str, ...]:
    """Read names that are separated by spaces."""
    return tuple(line.split())


ENGLISH_FIRST_NAMES = _names(
    "Alma Basil Clara Dexter Edith Felix Greta Hugo Ines Jonah Kit Lena Miles Nora Otis Pearl Quentin Rosa Silas Tessa "
    "Uma Victor Willa Xander Yara Zeno"
)
ENGLISH_LAST_NAMES = _names(
    "Applegarth Birchall Candlewood Dunmarrow Elderby Fernsby Gorsewell Hartnoll Inglebrook Juniper Kettlewell "
    "Larkspur Mossbank Nettlefold Oakhanger Puddifoot Quillfeather Rooksby Sedgemoor Thistlewood Underhay Vale "
    "Wrenfield Yarrowby"
)
SPANISH_FIRST_NAMES = _names(
    "Aitana Bruno Carmela Darío Elvira Fermín Gala Héctor Irene Jacinto Lola Matías Noelia Óscar Paloma Ramiro Sofía "
    "Tomás Vera Zoé"
)
SPANISH_LAST_NAMES = _names(
    "Alcotán Brezo Carrizo Dorada Encinar Fresneda Garzal Hinojal Jarales Lavandera Madroñal Nogueral Olmeda Piñonera "
    "Retamar Saucedal Tomillar Valdebrezo Zarzal"
)
