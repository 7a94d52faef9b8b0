#pragma once
// The JSON that tocsin's own HTTP API shows (design §3), from the core's values.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/effect.hpp"
#include "core/incident.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"
#include "integrations/json.hpp"

namespace tocsin::integrations {

/// What is not in an incident itself, but shown with it.
struct ViewContext {
    std::string public_url;  // without a slash at its end; empty: no link to ourselves
    std::string call_url;
};

/// `<public_url>/incidents/INC-7`, the page without a key; empty without a public url.
[[nodiscard]] std::string incident_link(std::string_view public_url, std::uint64_t number);

[[nodiscard]] Json view(const Labels& labels);
/// `id`, `key`, `title`, `severity`, `state`, …, `pages`, `links`: as it stands in a list.
[[nodiscard]] Json view(const core::Incident& incident, const ViewContext& context);
[[nodiscard]] Json view(const core::Verdict& verdict);
[[nodiscard]] Json view(const core::TimelineEntry& entry);
[[nodiscard]] Json view(const core::Delivery& delivery);
[[nodiscard]] Json view(const core::Rule& rule);

/// `{"incidents":[…]}`, in the order given. Each is written and forgotten in turn.
[[nodiscard]] std::string incidents_json(const std::vector<core::Incident>& incidents,
                                         const ViewContext& context);
/// One incident by id: bare, with `timeline`, `verdicts` and `deliveries`.
[[nodiscard]] std::string dossier_json(const core::Incident& incident,
                                       const std::vector<core::TimelineEntry>& timeline,
                                       const std::vector<core::Verdict>& verdicts,
                                       const std::vector<core::Delivery>& deliveries,
                                       const ViewContext& context);
/// `{"verdicts":[…]}`
[[nodiscard]] std::string verdicts_json(const std::vector<core::Verdict>& verdicts);
/// `{"rules":[…]}`, in deciding order.
[[nodiscard]] std::string rules_json(const core::Ruleset& ruleset);
/// `{"error":{"code","message","field"?}}`
[[nodiscard]] std::string error_json(const Error& error);

}  // namespace tocsin::integrations
