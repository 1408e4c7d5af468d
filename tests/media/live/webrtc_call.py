"""Calls of a browser with itself, through relays that drop and delay."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.media.live.browser import Browser
from tests.media.live.relay import Harm, Relay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS: Final = 10

_CONNECT: Final = """
const name = %(name)s;
window.calls ??= {};
const context = new AudioContext();
await context.resume();
const tone = context.createOscillator();
const sound = context.createMediaStreamDestination();
tone.connect(sound);
tone.start();
const caller = new RTCPeerConnection();
const callee = new RTCPeerConnection();
const call = window.calls[name] = {caller, callee, context, snapshots: []};
const gathered = peer => new Promise(done => {
  const found = [];
  peer.onicecandidate = event => {
    if (!event.candidate) done(found);
    else if (/ udp .*\\d+\\.\\d+\\.\\d+\\.\\d+/.test(event.candidate.candidate)) {
      found.push([event.candidate.address, event.candidate.port]);
    }
  };
});
callee.ontrack = event => {
  call.sink = new Audio();
  call.sink.srcObject = new MediaStream([event.track]);
  call.sink.play();
};
caller.addTrack(sound.stream.getAudioTracks()[0], sound.stream);
caller.getTransceivers()[0].setCodecPreferences(
  RTCRtpReceiver.getCapabilities("audio").codecs.filter(
    codec => codec.mimeType.toLowerCase() === "audio/" + %(codec)s));
// Without feedback on every packet the browser does not probe the network with padding.
const unwanted = %(probes)s
  ? /a=candidate.*\\r\\n/g
  : /a=(candidate|rtcp-fb:\\d+ transport-cc|extmap:\\d+ .*transport-wide-cc).*\\r\\n/g;
const bare = told => ({type: told.type, sdp: told.sdp.replace(unwanted, "")});
const places = [gathered(caller), gathered(callee)];
await caller.setLocalDescription(await caller.createOffer());
await callee.setRemoteDescription(bare(caller.localDescription));
await callee.setLocalDescription(await callee.createAnswer());
await caller.setRemoteDescription(bare(callee.localDescription));
return await Promise.all(places);
"""
_JOIN: Final = """
const call = window.calls[%(name)s];
const at = port => ({
  candidate: `candidate:1 1 udp 2113937151 %(host)s ${port} typ host`, sdpMid: "0"});
await call.caller.addIceCandidate(at(%(first)d));
await call.callee.addIceCandidate(at(%(second)d));
"""
_TALK: Final = """
const wait = seconds => new Promise(done => setTimeout(done, seconds * 1000));
const look = async () => {
  for (const call of Object.values(window.calls)) {
    call.snapshots.push([...(await call.callee.getStats()).values()]);
  }
};
for (let second = 0; second < %(seconds)d; second++) {
  await wait(1);
  await look();
}
for (const call of Object.values(window.calls)) {
  await call.caller.getSenders()[0].replaceTrack(null);
}
await wait(0.5);
await look();
return Object.fromEntries(
  Object.entries(window.calls).map(([name, call]) => [name, call.snapshots]));
"""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A call.

    Args:
        codec: `pcmu` or `opus`.
        harm: What the network does to it.
        probes: Whether the browser probes the network with padding.
    """

    codec: str
    harm: Harm
    probes: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a call.

    Args:
        snapshots: What `getStats()` told the receiver, once a second.
        passed: The packets that reached the receiver, with their times.
        dropped: How many did not.
    """

    snapshots: list[Any]
    passed: list[tuple[float, bytes]]
    dropped: int


def talk(program: str, folder: Path, scenarios: Mapping[str, Scenario]) -> dict[str, Told]:
    """Hold several calls at once and return what is known of each.

    Args:
        program: The browser.
        folder: Where it may keep its files.
        scenarios: The calls.
    """
    relays: dict[str, Relay] = {}
    with ExitStack() as stack:
        browser = stack.enter_context(Browser(program, folder))
        for name, scenario in scenarios.items():
            told_of = {"name": name, "codec": scenario.codec, "probes": scenario.probes}
            names = {each: json.dumps(value) for each, value in told_of.items()}
            (caller, *_), (callee, *_) = browser.run(_CONNECT % names)
            host = caller[0]
            relay = relays[name] = stack.enter_context(Relay(host, scenario.harm))
            relay.parties[:] = [tuple(caller), tuple(callee)]
            first, second = relay.ports
            browser.run(_JOIN % {**names, "host": host, "first": first, "second": second})
        told = browser.run(_TALK % {"seconds": SECONDS})
    return {name: Told(told[name], relay.passed, relay.dropped) for name, relay in relays.items()}
