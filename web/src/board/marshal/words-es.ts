import type { marshalEnglish } from "./words";

export const marshalSpanish: typeof marshalEnglish = {
  groups: "Grupos",
  byHole: "Por hoyo",
  nobody: "No hay nadie en el campo.",
  on: (hole) => `en el hoyo ${hole}`,
  onTee: "en el primer hoyo",
  behindFirst: "Primero, los más retrasados.",
  ahead: (minutes) => `a ${minutes} min del grupo de delante`,
  unknown: "sin noticias todavía",
  holeDone: (hole) => `Hoyo ${hole} hecho`,
  correct: "Último hoyo",
  correctNone: "Ninguno",
  end: "Terminar la vuelta",
  recorded: (hole, name) => `${name}: hoyo ${hole} hecho.`,
  corrected: (name) => `Último hoyo de ${name} corregido.`,
  ended: (name) => `Vuelta de ${name} terminada.`,
  finished: "Vueltas terminadas",
  fullScreen: "Pantalla completa",
  show: "La pantalla muestra",
};
