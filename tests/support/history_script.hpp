#pragma once
// The language of tests/histories/*.txt: each line of it, and what it does to a HistoryWorld.
//
// A history is a text. Its first line says what it tells, with the handbook's numbers in brackets.
// `#` begins a comment, `> ` a command; `| ` continues a configuration file. Every other line is
// the transcript: what the engine made of the command above it. TOCSIN_REWRITE_GOLDEN=1 writes it.
//
//   > file oncall.yaml                   its text follows on lines that begin with `| `
//   > begin 2026-03-04T02:13:00Z [Europe/London]     loads the files; local times of that zone
//   > at 02:14 [COMMAND]                 the next 02:14 UTC; or a whole RFC 3339 instant
//   > pass 5m
//   > alert NAME label=value … @annotation=value …   fires; `resolve` with the same words ends it
//   > values RULE SOURCE{label="value"} 310 …        asked again at the rule's interval
//   > values RULE SOURCE none | error | partial | unreachable; `values RULE off`
//   > peer mail down | up | refusing
//   > silent SOURCE, back SOURCE, confirm INC-1 pager, reload, restart, oncall
//   > ack INC-1 by engineer-a            as every other command, see history_commands.cpp

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/history_world.hpp"

namespace tocsin::support {

/// The history with its transcript written anew. `read` gives the text of a file of the repository.
[[nodiscard]] std::string tell_again(std::string_view history,
                                     const std::function<std::string(const std::string&)>& read);

}  // namespace tocsin::support
