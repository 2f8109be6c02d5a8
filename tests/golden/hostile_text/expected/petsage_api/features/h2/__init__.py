"""{{ spec.feature }} {% raw %} {# no comment #} ${HOME} `code` <b>bold</b> | \x23 type: ignore"""
