"""What a build says of the publication: DCAT-AP, DCAT-AP_IT, VoID, licences, services."""
