#pragma once
// The commands of people, as a history writes them: `lead INC-1 by engineer-a engineer-b`.

#include <string>
#include <vector>

#include "core/event.hpp"

namespace tocsin::support {

/// `words` are those behind the verb, `text` stands behind `: `. An unknown verb fails the test.
[[nodiscard]] core::CommandGiven command_of(const std::string& verb, std::vector<std::string> words,
                                            const std::string& text);

}  // namespace tocsin::support
