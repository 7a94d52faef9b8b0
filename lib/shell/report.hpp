#pragma once
// Report: how courier, poller and heartbeat put an event into the engine's inbox.

#include <functional>

#include "core/event.hpp"

namespace tocsin::shell {

/// Told once for each event, as a task of the Runtime: true when the event's transaction is on
/// disk (or the event changed nothing), false when it was not taken (inbox full, store failing).
using Committed = std::function<void(bool committed)>;

/// Puts an event into the engine's inbox. Whoever reports keeps what nobody else would repeat, and
/// offers it again a second after a `false`. When one batch orders or overtakes a delivery, the
/// engine calls Courier::take and Courier::drop before it completes that batch's reports.
using Report = std::function<void(core::Event, Committed)>;

}  // namespace tocsin::shell
