"""Amazon Connect and its sibling services, driven by the service models that botocore ships.

Every operation of ``connect``, ``connectparticipant``, ``connectcases`` and ``customer-profiles``
is served: requests are routed and validated, and answers shaped, by the same model that the
client uses. So a wrong understanding of the model is not seen here: it would be shared. What a
contact goes through is what `Conditions` say, and no signature is checked.
"""

from cxotel.demo.far_ends.connect.clients import async_client, client
from cxotel.demo.far_ends.connect.contacts import Conditions, Quality
from cxotel.demo.far_ends.connect.far_end import INSTANCE, SERVICES, ConnectFarEnd

__all__ = [
    "INSTANCE",
    "SERVICES",
    "Conditions",
    "ConnectFarEnd",
    "Quality",
    "async_client",
    "client",
]
