#pragma once
// Commands: what a person does to an incident; refused with a reason, or done exactly once.

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// Refusal codes: `not_found`, `conflict` (its state forbids it), `missing` (a field is needed).
/// A command whose aim is already reached succeeds and changes nothing.
void obey(Draft& draft, const CommandGiven& given);

}  // namespace tocsin::core
