"""The texts of what people are told, in the languages that clubs speak."""

from collections.abc import Mapping
from types import MappingProxyType

from models.clubs.values import Language
from models.notifications import NotificationKind as Kind

Text = tuple[str, str]
"""Title and body. What stands in braces is taken from the notification's data."""
START = {Language.EN: "{time} on {date} at {course}", Language.ES: "las {time} del {date} en {course}"}
_EN, _ES = START[Language.EN], START[Language.ES]

ENGLISH: Mapping[Kind, Text] = MappingProxyType(
    {
        Kind.BOOKING_MOVED: ("Your tee time has changed", f"You start at {_EN} now."),
        Kind.BOOKING_UPDATED: ("Your booking was changed", f"Your booking for {_EN} was changed."),
        Kind.BOOKING_CANCELLED: ("Your booking was cancelled", f"Your booking for {_EN} was cancelled."),
        Kind.BOOKING_UNPAID: (
            "Your booking was not paid",
            f"Your booking for {_EN} was cancelled, since its deposit was not paid in time. Nothing was taken.",
        ),
        Kind.DEPOSIT_ASKED: (
            "Please pay your deposit",
            f"Your booking for {_EN} needs a deposit. Open the booking and pay it by {{until}}, or it is cancelled.",
        ),
        Kind.DEPOSIT_REFUNDED: (
            "Your deposit comes back",
            f"The deposit of your booking for {_EN} is given back to your card. That takes some days.",
        ),
        Kind.DEPOSIT_REFUND_FAILED: (
            "A refund has failed",
            f"A deposit of the booking for {_EN} could not be given back to the card. Give it back by another way.",
        ),
        Kind.WAITLIST_OFFER: (
            "Your tee time is free",
            f"{{places}} at {_EN} came free. Accept by {{until}}, or they go to the next in line.",
        ),
        Kind.WAITLIST_OFFER_WITHDRAWN: (
            "Your offer has ended",
            f"The places at {_EN} are not offered to you any more. You keep your place on the waitlist.",
        ),
        Kind.WAITLIST_OFFER_MOVED: (
            "Your offer has another time",
            f"The start that is offered to you is at {_EN} now. Accept by {{until}}, if it still does.",
        ),
        Kind.STANDING_BOOKING_SKIPPED: (
            "Your standing booking was skipped",
            f"Your standing booking could not be made for {_EN}. Ask the club for another start.",
        ),
        Kind.BALLOT_ENTERED: (
            "You are in a ballot",
            "You were entered in the ballot for {date} at {course}. You can leave the entry until entries close.",
        ),
        Kind.BALLOT_WITHDRAWN: (
            "Your ballot entry was withdrawn",
            "Your entry in the ballot for {date} at {course} was withdrawn.",
        ),
        Kind.BALLOT_DRAWN: ("You have a tee time", f"The draw gave you {_EN}."),
        Kind.BALLOT_NOT_DRAWN: (
            "The draw gave you no tee time",
            "None of your choices for {date} at {course} was left when it was your turn. You come earlier next time.",
        ),
        Kind.BALLOT_CANCELLED: (
            "The ballot was cancelled",
            "The ballot for {date} at {course} was cancelled{because}. Its starts are on open sale.",
        ),
        Kind.PACE_CRITICAL: (
            "A group is far behind",
            f"The group that started at {_EN} is {{minutes_behind}} minutes behind its pace.",
        ),
        Kind.TEE_TIMES_DELAYED: ("Your tee time is delayed", f"You start at {_EN} now."),
        Kind.BLOCKED: (
            "Your tee time was blocked",
            f"The club has blocked the start at {_EN}. Your booking was kept; the club will contact you.",
        ),
        Kind.COURSE_CLOSED: (
            "The course is closed",
            f"The course is closed{{because}}. Your booking for {_EN} was kept; ask the club before you set out.",
        ),
        Kind.COURSE_STATUS_CHANGED: (
            "{course} is {status} now",
            "{course} was {previous_status} and is {status} now{because}.",
        ),
        Kind.WEATHER_STALE: (
            "No weather for {course}",
            "There is no usable weather for {course}. Its status stays as it is; set it by hand if need be.",
        ),
        Kind.BOOKING_RESTORED: (
            "Your booking holds again",
            f"Your booking for {_EN} had been cancelled, and holds again.",
        ),
        Kind.BOOKED_FOR_YOU: ("You were booked", f"You are booked for {_EN}."),
        Kind.BUDDY_ASKED: (
            "Somebody asks to be your buddy",
            "{name} asks to be your buddy. Once you agree, each of you may book for the other.",
        ),
        Kind.BUDDY_AGREED: ("You have a buddy", "{name} is your buddy now: you may book for each other."),
        Kind.TEE_TIMES_ADVANCED: ("Your tee time is earlier again", f"You start at {_EN} now."),
        Kind.REMINDER_24H: ("Reminder: tee time {when} at {time}", f"You play at {_EN}."),
        Kind.REMINDER_2H: ("Reminder: tee time {when} at {time}", f"You play at {_EN}."),
        Kind.NEW_TEE_TIMES: ("New tee time in {industry}!", "{course}, {day} {time} — {places} open."),
        Kind.SLOT_JOINED: ("{golfer} joined your tee time", f"{{golfer}}{{of}} joined your tee time at {_EN}."),
        Kind.SLOT_LEFT: ("{golfer} left your tee time", f"{{golfer}} left your tee time at {_EN}."),
        Kind.SLOT_OPEN: ("A place came free", f"There is a place at {_EN} that suits you."),
        Kind.JOIN_REQUESTED: ("{golfer} would like to join", f"{{golfer}}{{of}} asks to join your tee time at {_EN}."),
        Kind.JOIN_ANSWERED: ("Your request was {answer}", f"Your request to join at {_EN} was {{answer}}."),
        Kind.TEE_TIME_CANCELLED: ("Tee time cancelled", f"The tee time at {_EN} was cancelled{{because}}."),
        Kind.WEEKLY_DIGEST: ("Tee times for you this week", "These suit you best in the next seven days:"),
        Kind.WELCOME: ("Welcome", "You can now host tee times, and join those of other golfers."),
        Kind.EMAIL_CONFIRMATION: (
            "Confirm your e-mail address",
            "Somebody, probably you, wants to be written to at this address. If it was not you, do nothing.",
        ),
    }
)
SPANISH: Mapping[Kind, Text] = MappingProxyType(
    {
        Kind.BOOKING_MOVED: ("Tu salida ha cambiado", f"Ahora sales a {_ES}."),
        Kind.BOOKING_UPDATED: ("Tu reserva ha cambiado", f"Tu reserva de {_ES} ha cambiado."),
        Kind.BOOKING_CANCELLED: ("Tu reserva se ha anulado", f"Tu reserva de {_ES} se ha anulado."),
        Kind.BOOKING_UNPAID: (
            "Tu reserva no se ha pagado",
            f"Tu reserva de {_ES} se ha anulado porque no se pagó la señal a tiempo. No se ha cobrado nada.",
        ),
        Kind.DEPOSIT_ASKED: (
            "Paga tu señal",
            f"Tu reserva de {_ES} necesita una señal. Abre la reserva y págala antes de {{until}}, o se anulará.",
        ),
        Kind.DEPOSIT_REFUNDED: (
            "Te devolvemos la señal",
            f"La señal de tu reserva de {_ES} vuelve a tu tarjeta. Tarda unos días.",
        ),
        Kind.DEPOSIT_REFUND_FAILED: (
            "Una devolución ha fallado",
            f"La señal de la reserva de {_ES} no ha podido volver a la tarjeta. Devuélvela de otra forma.",
        ),
        Kind.WAITLIST_OFFER: (
            "Tu salida está libre",
            f"Ha quedado libre a {_ES}: {{places}}. Acepta antes de las {{until}}; si no, pasa a quien sigue.",
        ),
        Kind.WAITLIST_OFFER_WITHDRAWN: (
            "Tu oferta ha terminado",
            f"La salida de {_ES} ya no se te ofrece. Conservas tu lugar en la lista de espera.",
        ),
        Kind.WAITLIST_OFFER_MOVED: (
            "Tu oferta cambia de hora",
            f"La salida que se te ofrece es ahora a {_ES}. Acepta antes de las {{until}}, si te sigue conviniendo.",
        ),
        Kind.STANDING_BOOKING_SKIPPED: (
            "Tu reserva fija no se ha hecho",
            f"Tu reserva fija de {_ES} no se ha podido hacer. Pide otra salida al club.",
        ),
        Kind.BALLOT_ENTERED: (
            "Participas en un sorteo",
            "Te han inscrito en el sorteo del {date} en {course}. Puedes dejarlo hasta que se cierre.",
        ),
        Kind.BALLOT_WITHDRAWN: (
            "Se retiró tu inscripción en el sorteo",
            "Tu inscripción en el sorteo del {date} en {course} se ha retirado.",
        ),
        Kind.BALLOT_DRAWN: ("Tienes hora de salida", f"El sorteo te ha dado {_ES}."),
        Kind.BALLOT_NOT_DRAWN: (
            "El sorteo no te ha dado hora",
            "No quedaba ninguna de tus opciones del {date} en {course} en tu turno. La próxima vez irás antes.",
        ),
        Kind.BALLOT_CANCELLED: (
            "Se canceló el sorteo",
            "El sorteo del {date} en {course} se ha cancelado{because}. Sus salidas están a la venta.",
        ),
        Kind.PACE_CRITICAL: (
            "Un grupo va muy retrasado",
            f"El grupo que salió a {_ES} va {{minutes_behind}} minutos por detrás de su ritmo.",
        ),
        Kind.TEE_TIMES_DELAYED: ("Tu salida se retrasa", f"Ahora sales a {_ES}."),
        Kind.BLOCKED: (
            "Tu salida está bloqueada",
            f"El club ha bloqueado la salida de {_ES}. Tu reserva se mantiene; el club te llamará.",
        ),
        Kind.COURSE_CLOSED: (
            "El campo está cerrado",
            f"El campo está cerrado{{because}}. Tu reserva de {_ES} se mantiene; pregunta al club antes de salir.",
        ),
        Kind.COURSE_STATUS_CHANGED: (
            "{course} está ahora {status}",
            "{course} estaba {previous_status} y ahora está {status}{because}.",
        ),
        Kind.WEATHER_STALE: (
            "Sin datos del tiempo para {course}",
            "No hay datos útiles del tiempo para {course}. Su estado sigue igual; cámbialo a mano si hace falta.",
        ),
        Kind.BOOKING_RESTORED: (
            "Tu reserva vuelve a valer",
            f"Tu reserva de {_ES} se había anulado, y vuelve a valer.",
        ),
        Kind.BOOKED_FOR_YOU: ("Tienes una reserva", f"Tienes plaza a {_ES}."),
        Kind.BUDDY_ASKED: (
            "Alguien quiere jugar contigo",
            "{name} quiere que cada uno pueda reservar para el otro. Contesta si te parece bien.",
        ),
        Kind.BUDDY_AGREED: ("Ya sois dos", "{name} ha aceptado: podéis reservar el uno para el otro."),
        Kind.TEE_TIMES_ADVANCED: ("Tu salida se adelanta", f"Ahora sales a {_ES}."),
        Kind.REMINDER_24H: ("Recordatorio: salida {when} a las {time}", f"Juegas a {_ES}."),
        Kind.REMINDER_2H: ("Recordatorio: salida {when} a las {time}", f"Juegas a {_ES}."),
        Kind.NEW_TEE_TIMES: ("¡Nueva salida de {industry}!", "{course}, {day} {time}: {places} por ocupar."),
        Kind.SLOT_JOINED: ("{golfer} se une a tu salida", f"{{golfer}}{{of}} se une a tu salida de {_ES}."),
        Kind.SLOT_LEFT: ("{golfer} deja tu salida", f"{{golfer}} deja tu salida de {_ES}."),
        Kind.SLOT_OPEN: ("Ha quedado una plaza libre", f"Hay una plaza que te conviene a {_ES}."),
        Kind.JOIN_REQUESTED: ("{golfer} quiere unirse", f"{{golfer}}{{of}} pide unirse a tu salida de {_ES}."),
        Kind.JOIN_ANSWERED: ("Tu solicitud ha sido {answer}", f"Tu solicitud para {_ES} ha sido {{answer}}."),
        Kind.TEE_TIME_CANCELLED: ("Salida anulada", f"La salida de {_ES} se ha anulado{{because}}."),
        Kind.WEEKLY_DIGEST: ("Salidas para ti esta semana", "Estas son las que mejor te van en los próximos 7 días:"),
        Kind.WELCOME: ("Te damos la bienvenida", "Ya puedes ofrecer salidas y unirte a las de otras personas."),
        Kind.EMAIL_CONFIRMATION: (
            "Confirma tu dirección de correo",
            "Alguien, seguramente tú, quiere recibir correos en esta dirección. Si no has sido tú, no hagas nada.",
        ),
    }
)
TEXTS: Mapping[Language, Mapping[Kind, Text]] = MappingProxyType({Language.EN: ENGLISH, Language.ES: SPANISH})
MANY: Mapping[Language, Mapping[Kind, Text]] = MappingProxyType(
    {
        Language.EN: {
            Kind.NEW_TEE_TIMES: (
                "{count} new tee times in {industry}!",
                "The first: {course}, {day} {time} — {places} open.",
            )
        },
        Language.ES: {
            Kind.NEW_TEE_TIMES: (
                "¡{count} salidas nuevas de {industry}!",
                "La primera: {course}, {day} {time}: {places} por ocupar.",
            )
        },
    }
)
"""The same of kinds that tell of many things as one."""
INDUSTRIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "FINANCE": ("Finance", "finanzas"),
        "PRIVATE_CAPITAL": ("Private Capital", "capital privado"),
        "CONSULTING": ("Consulting", "consultoría"),
        "TECH": ("Tech", "tecnología"),
        "LEGAL": ("Legal", "derecho"),
        "REAL_ESTATE": ("Real Estate", "sector inmobiliario"),
        "HEALTHCARE": ("Healthcare", "sanidad"),
        "EDUCATION": ("Education", "educación"),
        "MEDIA_ENTERTAINMENT": ("Media and Entertainment", "medios y espectáculos"),
        "OTHER": ("other lines of work", "otros sectores"),
    }
)
"""What lines of work are called, in English and in Spanish."""
SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "A former golfer": "Alguien que ya no está",
        "accepted": "aceptada",
        "declined": "rechazada",
        "open": "abierto",
        "open with restrictions": "abierto con restricciones",
        "closed": "cerrado",
        "bad weather": "mal tiempo",
        "poor weather": "tiempo regular",
        "weather that is only just getting better": "un tiempo que apenas mejora",
        "strong wind": "viento fuerte",
        "a storm": "temporal",
        "heavy gusts": "rachas fuertes",
        "rain": "lluvia",
        "heavy rain": "lluvia intensa",
        "frost": "helada",
        "lightning": "rayos",
        "a thunderstorm": "tormenta",
    }
)
"""The Spanish for the words of our own that data hold; what people have written stays as they wrote it."""
