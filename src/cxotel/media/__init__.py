"""Media quality: could they hear each other?

`emodel` rates a connection as the ITU does, and `codecs` knows what codecs cost. `rtp` and `rtcp`
read packets, `vq_rtcpxr` the reports of SIP phones, `webrtc` and `webrtc_dump` the statistics of
browsers, and `vendors` what vendors report: all into the one record of `quality`, which `judge`
rates and `merging` adds up.

All of these are plain arithmetic on bytes and numbers. Import the module that you need: this
package imports none of them.
"""
