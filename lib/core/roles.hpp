#pragma once
// Roles: who leads an incident, who is involved in it, who is told of a verdict (H-40 … H-47).

#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// The rule's `involve` as people, told at once or at working hours (the severity's `notify`).
void involve_by_rule(Draft& draft, Incident& incident);
/// Their notice has waited for working hours, and those have begun.
void tell_involved_if_due(Draft& draft, Incident& incident);

/// The rule's `tell`: informs owners of a verdict without a page, whatever its outcome.
void tell_of_verdict(Draft& draft, const Rule& rule, const Verdict& verdict);

/// Leads from now on; asked to hand over if they own the failing feature (handbook H-47).
void set_lead(Draft& draft, Incident& incident, const std::string& person, const std::string& by);

/// Command `involve`, on an open incident.
void involve(Draft& draft, Incident& incident, const std::string& by, const Involve& wish);

}  // namespace tocsin::core
