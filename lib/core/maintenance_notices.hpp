#pragma once
// What people are told of a maintenance window: planned, near, begun, ended (handbook H-16).

#include "core/draft.hpp"

namespace tocsin::core {

// To the announcing integrations, the people on call, the owners of its component and who planned
// it. Nobody is paged.
void tell_planned(Draft& draft, const Window& window);
void tell_near(Draft& draft, const Window& window);
void tell_begun(Draft& draft, const Window& window);
void tell_ended(Draft& draft, const Window& window);
void tell_cancelled(Draft& draft, const Window& window);

}  // namespace tocsin::core
