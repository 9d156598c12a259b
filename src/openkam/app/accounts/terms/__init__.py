"""The words of the room: kinds of account, fields of the record card, and the published lists behind them.

`countries.csv`: ISO 3166-1 alpha-2 codes with usual English names, after `iso3166.tab` of the IANA time zone database (public domain).
`industries.csv`: sections and divisions of ISIC Rev. 4 (United Nations, Statistical Papers Series M No. 4/Rev. 4, 2008), which are
those of NACE Rev. 2; a code is written as NACE writes it, section letter first: `G`, `G46`, `G46.3`.
"""
