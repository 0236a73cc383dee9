"""Why a paper has its score; the noun is everybody's."""

from harvester.scores import Reason as Reason
