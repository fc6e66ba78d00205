"""Describes the publication: the catalogue (DCAT-AP, DCAT-AP_IT), VoID, licences."""
