#pragma once
// Links and outside keys of an incident: the address of its page, and what its pages are called.

#include <string>

#include "core/draft.hpp"

namespace tocsin::core {

/// `<public_url>/incidents/INC-7`; empty without a public url, and for what is no incident. The
/// key that opens it is added by whoever sends it: stored rows hold no key.
[[nodiscard]] std::string link_to(const Policy& policy, const Incident& incident);

/// `<instance>/<install-id>/INC-7/<episode>/<severity>` (design §5 "Keys").
[[nodiscard]] std::string page_key(const Draft& draft, const Incident& incident);

}  // namespace tocsin::core
