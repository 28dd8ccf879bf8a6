/** Qué le pasa a un dato de un fichero, por su código. En inglés lo dice el servidor; un código sin frase aquí lo encuentra una prueba. */
type Says = (...values: string[]) => string;

const CHOICES: Record<string, string> = {
  ADULT: "adulto",
  CHILD: "niño",
  INFANT: "bebé",
  VEGETARIAN: "vegetariana",
  VEGAN: "vegana",
  PESCATARIAN: "pescetariana",
  HALAL: "halal",
  KOSHER: "kosher",
  GLUTEN_FREE: "sin gluten",
  LACTOSE_FREE: "sin lactosa",
  NUT_ALLERGY: "alergia a los frutos secos",
  SHELLFISH_ALLERGY: "alergia al marisco",
  WHEELCHAIR: "silla de ruedas",
  HIGH_CHAIR: "trona",
  OTHER: "otra",
  EN: "inglés",
  ES: "español",
};
const COLUMNS: Record<string, string> = { household: "Familia" };
const named = (words: Record<string, string>, codes: string[]): string => codes.map((code) => words[code] ?? code).join(", ");

const FAULTS: Record<string, Says> = {
  EMPTY: () => "Escribe un nombre.",
  NAME_MISSING: () => "Escribe un nombre; solo un acompañante puede no tenerlo todavía.",
  TOO_LONG: (most) => `Usa ${most} caracteres como máximo.`,
  UNSEEN: (code) => `Quita el carácter ${code}, que nadie puede ver.`,
  ACCENT_FIRST: () => "Empieza por una letra, una cifra o un signo, y no por un acento solo.",
  NOT_PRINTABLE: (most) => `Usa de 1 a ${most} caracteres que se puedan imprimir.`,
  NOT_A_PHONE: () => "Escribe un teléfono solo con cifras, espacios y + - / ( ) .",
  NOT_AN_EMAIL: () => "Escribe un correo como ana@example.com.",
  NOT_A_DAY: () => "Escribe el día como 1980-02-29.",
  NOT_A_BIRTH: (first) => `Da una fecha de nacimiento que ya haya pasado, del ${first} en adelante.`,
  NOT_YES_OR_NO: () => "Escribe sí o no.",
  NOT_A_CHOICE: (...codes) => `Elige entre estos: ${named(CHOICES, codes)}.`,
  NOT_IN_RANGE: (lowest, highest) => `Elige un número de ${lowest} a ${highest}.`,
  REPEATED: (line) => `Lo mismo está ya en la línea ${line}.`,
  KNOWN_ALREADY: (where) => (where ? `Ya está en la lista, en “${where}”.` : "Ya está en el club."),
  TAKEN: () => "Eso ya lo tiene otro jugador.",
  HOST_UNKNOWN: () => "Ningún otro jugador del club, ni del fichero, tiene ese número de socio.",
  QUOTES: () => "Las comillas no están bien.",
  FIELD_COUNT: (found, wanted) => `Los campos de la fila son ${found}, y no ${wanted}.`,
  FILE_TOO_LONG: (most) => `Usa ${most} caracteres como máximo; envía el resto en otro fichero.`,
  ROW_COUNT: (most) => `Pon de 1 a ${most} filas debajo del encabezado.`,
  COLUMN_UNKNOWN: (name) => `“${name}” no es ninguna columna. Cámbiale el nombre, o quítala.`,
  COLUMN_TWICE: (name) => `La columna “${name}” está dos veces. Quita una.`,
  COLUMNS_MISSING: (...names) => `Empieza por un encabezado con estas columnas: ${named(COLUMNS, names)}.`,
};

export const faultInSpanish = (fault: string | null, values: string[]): string | undefined => (fault === null ? undefined : FAULTS[fault]?.(...values));
