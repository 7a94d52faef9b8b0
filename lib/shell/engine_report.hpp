#pragma once
// The road from courier, poller and heartbeat into the engine's inbox, with their journal rows.

#include <vector>

#include "shell/engine.hpp"
#include "shell/inbox.hpp"
#include "shell/log.hpp"
#include "shell/report.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// Asked by the engine for inputs that bring no row of their own, once they have changed something.
/// One line for what happened, and for an evaluation one more for each answer and series.
[[nodiscard]] JournalRow journal_row(const core::Event& event);

/// An error line for each incident about which everybody has now been asked in vain: with the
/// metric tocsin_incidents_unanswered what an outside monitor sees (handbook H-73).
void say_unanswered(Log& log, const std::vector<core::Change>& changes);

/// Puts `event` into the inbox; `committed` is told false when it is full.
void report(Engine& engine, Runtime& runtime, core::Event event, Committed committed);

}  // namespace tocsin::shell
