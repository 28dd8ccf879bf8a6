"""Files that people may send as pictures, made here: right ones, odd ones and bad ones.

Each right one is red on the left and blue on the right, 64 by 32 pixels, unless it says otherwise.
"""

from base64 import b85decode
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

RED, BLUE = (200, 30, 30), (30, 30, 200)
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
TURNED_LEFT = 6
"""The camera was held upright: its picture is to be turned clockwise by a right angle."""


def red_and_blue(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def metadata(*, turned: bool = False) -> Image.Exif:
    """Where and by what a picture was taken, as telephones write it."""
    exif = Image.Exif()
    exif[MAKER] = "A telephone of somebody"
    exif[ORIENTATION] = TURNED_LEFT if turned else 1
    exif.get_ifd(GPS).update({1: "N", 2: (40.0, 25.0, 0.0), 3: "W", 4: (3.0, 42.0, 0.0)})
    return exif


def telling(kind: str = "JPEG", *, turned: bool = False) -> bytes:
    """A picture that says where it was taken, with a comment and a profile of its colours beside that."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, Any] = {"comment": "Taken by somebody"} if kind == "JPEG" else {}
    xmp = b"<x:xmpmeta>Somebody</x:xmpmeta>"
    return saved(red_and_blue(), kind, exif=metadata(turned=turned), icc_profile=profile, xmp=xmp, quality=95, **more)


def moving(kind: str) -> bytes:
    """A picture that moves: red and blue at first, then black."""
    return saved(red_and_blue(), kind, save_all=True, append_images=[Image.new("RGB", (64, 32))] * 3, duration=100)


def noise(side: int) -> bytes:
    """A JPEG that cannot be made small."""
    return saved(Image.effect_noise((side, side), 120).convert("RGB"), "JPEG", quality=95)


def vast() -> bytes:
    """A PNG of some twenty kilobytes with 169 megapixels."""
    return saved(Image.new("1", (13_000, 13_000)), "PNG", optimize=True)


def scanned_too_often() -> bytes:
    """A JPEG that goes over its pixels again and again."""
    whole = saved(red_and_blue(), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 300 + whole[-2:]


# Made with an encoder of HEVC, which the decoder that is used here does not bring along.
HEIC = b85decode(
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0004fZDn*}000000000XXk=`10000000000aA{+700000000000000000000B57=I"
    "V*mgE07O6l0RRC200001p#T8@00000003bC001LtX>Mi!000000RR916=`l}WdZ;I000310BCk&F#rGn01j|zbZr0t000010002}"
    "X>f9I0002pX>en20001XXm(>m0RwOV0058x000009`FGC{rLC*01pFT0096PKmiN^|NjGU00093kN^M!000939=ZZRVE_RDDnbDP"
    "18@KU0|1Z!00RI30{|YNAb|yz>g1-mxCm%4AOHXZ10VnZ0{|gn00967L;=Bbz=;3=025<xY;ta6Y<K_x01W^JfB*mh6lrsCWdHyG"
    "00000KmY&$KmY&$C}V74Z~y=RKmY&$0RR91AOHXW0RR91000000{{R2-~a#s0ssI25O8UDX#fBK00RgJ2mk;87-?{AVE_OC00000"
    "0RRC7fdT^sga7~lX>DX-bN~PVT_^#s6M*$6fj|G?rAPm|)_8so4KY9d^Ts3k2C@I*^>=Oq9g8RoCy7K;c#iH^%M{icQnTC&m7}ZD"
    "YQ2+aQvMTY|KKCScpo4`-Y2oXJW<<vzgq9AGL$Ydhi("
)
TURNED_HEIC = b85decode(
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0005VZDn*}000000000XXk=`10000000000aA{+700000000000000000000G-+&a"
    "V*mgE07O6l0ssL300001>;M4(00000003bC0ssI200K<_0RR9100000H~;_uIB98aW&i*H00062000$fZf0cy000000RRAKc4ILB"
    "0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031009SSaB^?}008D`aAR)(004Gqc4I>U18@KU0FVFx0000U@BsY%`1k+-"
    "4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096hLID8-Z~y=U0FVFx0{{R603M(qfd!W8<fgf}2xu@M00096AOHXZ03l)k"
    "0RRR>0l{;?i2wiq6Ju{|a&BX6cmM$a4FCp!0000KX>)L8000000000$0000$0000eV{Bn?0000$000010000W000010000000002"
    "|NsBs000020000GaA|mH000000|*ER00009X>xCL0{{R38EJ5BVE_OC000000RRC8fdT^sgoXeB02*m>Wo7^X0000001jhhb7KGk"
    "009620001?ZDe6|00018C;_h%fb}PVKmXvRNB_FkczzEJF+cwE#v}R$vH#-rcWwh6izo~yi9}O)j_z2?6xJG2v)l@mqpQ+ty_0BC"
    "{u5~b;3L9#A0R{CC$YXfQQLaITJNedlrA!dZU6uP21R&jW&i+9O#mtY000O80s#*I0ssI22mk;8CIJ!v0{{R30RRR70000006`#d"
    "Xm4(100"
)
