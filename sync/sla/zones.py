"""From the time zone names of Zendesk (Rails names or IANA keys) to real time zones."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from integrations.runtime.errors import BadRecord

# Rails calls most zones by the city that also ends the IANA key ...
_SAME_CITY = {
    "Africa": "Cairo Casablanca Harare Monrovia Nairobi",
    "America": "Bogota Caracas Chihuahua Guatemala La_Paz Lima Mazatlan Mexico_City Monterrey "
    "Montevideo Puerto_Rico Santiago Tijuana",
    "America/Argentina": "Buenos_Aires",
    "Asia": "Almaty Baghdad Baku Bangkok Chongqing Dhaka Hong_Kong Irkutsk Jakarta Jerusalem Kabul "
    "Kamchatka Karachi Kathmandu Kolkata Krasnoyarsk Kuala_Lumpur Kuwait Magadan Muscat "
    "Novosibirsk Riyadh Seoul Singapore Srednekolymsk Taipei Tashkent Tbilisi Tehran Tokyo "
    "Ulaanbaatar Urumqi Vladivostok Yakutsk Yerevan",
    "Atlantic": "Azores",
    "Australia": "Adelaide Brisbane Darwin Hobart Melbourne Perth Sydney",
    "Europe": "Amsterdam Athens Belgrade Berlin Bratislava Brussels Bucharest Budapest Copenhagen "
    "Dublin Helsinki Istanbul Kaliningrad Kyiv Lisbon Ljubljana London Madrid Minsk Moscow Paris "
    "Prague Riga Rome Samara Sarajevo Skopje Sofia Stockholm Tallinn Vienna Vilnius Volgograd "
    "Warsaw Zagreb Zurich",
    "Pacific": "Auckland Fiji Guam Port_Moresby",
}
# ... and these by something else.
_OTHER_NAMES = {
    "Abu Dhabi": "Asia/Muscat",
    "Alaska": "America/Juneau",
    "American Samoa": "Pacific/Pago_Pago",
    "Arizona": "America/Phoenix",
    "Astana": "Asia/Almaty",
    "Atlantic Time (Canada)": "America/Halifax",
    "Beijing": "Asia/Shanghai",
    "Bern": "Europe/Zurich",
    "Brasilia": "America/Sao_Paulo",
    "Canberra": "Australia/Melbourne",
    "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Central America": "America/Guatemala",
    "Central Time (US & Canada)": "America/Chicago",
    "Chatham Is.": "Pacific/Chatham",
    "Chennai": "Asia/Kolkata",
    "Eastern Time (US & Canada)": "America/New_York",
    "Edinburgh": "Europe/London",
    "Ekaterinburg": "Asia/Yekaterinburg",
    "Georgetown": "America/Guyana",
    "Greenland": "America/Godthab",
    "Guadalajara": "America/Mexico_City",
    "Hanoi": "Asia/Bangkok",
    "Hawaii": "Pacific/Honolulu",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "International Date Line West": "Pacific/Midway",
    "Islamabad": "Asia/Karachi",
    "Kyev": "Europe/Kyiv",
    "Marshall Is.": "Pacific/Majuro",
    "Mid-Atlantic": "Atlantic/South_Georgia",
    "Midway Island": "Pacific/Midway",
    "Mountain Time (US & Canada)": "America/Denver",
    "Mumbai": "Asia/Kolkata",
    "New Caledonia": "Pacific/Noumea",
    "New Delhi": "Asia/Kolkata",
    "Newfoundland": "America/St_Johns",
    "Nuku'alofa": "Pacific/Tongatapu",
    "Osaka": "Asia/Tokyo",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Pretoria": "Africa/Johannesburg",
    "Quito": "America/Lima",
    "Rangoon": "Asia/Yangon",
    "Samoa": "Pacific/Apia",
    "Sapporo": "Asia/Tokyo",
    "Saskatchewan": "America/Regina",
    "Solomon Is.": "Pacific/Guadalcanal",
    "Sri Jayawardenepura": "Asia/Colombo",
    "St. Petersburg": "Europe/Moscow",
    "Tokelau Is.": "Pacific/Fakaofo",
    "UTC": "Etc/UTC",
    "Wellington": "Pacific/Auckland",
    "West Central Africa": "Africa/Algiers",
}
RAILS_NAMES = {
    **{
        city.replace("_", " "): f"{region}/{city}"
        for region, cities in _SAME_CITY.items()
        for city in cities.split()
    },
    **_OTHER_NAMES,
}


@lru_cache(maxsize=512)
def find_zone(name: str) -> ZoneInfo:
    """Return the zone that Zendesk means by this name.

    Raises BadRecord for a name that is neither Rails nor IANA.
    """
    try:
        return ZoneInfo(RAILS_NAMES.get(name, name))
    except (KeyError, ValueError, OSError):
        raise BadRecord(
            f"The schedule's time zone {name[:60]!r} is unknown.",
            hint="use the name that Zendesk shows, or an IANA key such as Europe/Budapest.",
        ) from None
