// The names of a maintenance window's JSON.
#include "integrations/window_view.hpp"

#include <algorithm>

#include "integrations/api_view.hpp"

namespace tocsin::integrations {
namespace {

Json or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json list_of(const std::vector<std::string>& texts) {
    Json list = Json::list();
    for (const std::string& text : texts) list.push(text);
    return list;
}

bool is_recurring(const core::Window& window, const core::Policy& policy) {
    return window.from_file && std::any_of(policy.maintenance.begin(), policy.maintenance.end(),
                                           [&](const core::PlannedWindow& planned) {
                                               return planned.name == window.name &&
                                                      planned.occurrences.size() > 1;
                                           });
}

}  // namespace

Json view(const core::Window& window, const core::Policy& policy) {
    return Json::object({
        {"name", window.name},
        {"from", window.from},
        {"to", window.to},
        {"match", view(window.match)},
        {"rules", list_of(window.rules)},
        {"announcement", or_null(window.announcement)},
        {"by", or_null(window.by)},
        {"state", core::name(window.state)},
        {"announced_at", window.announced_at},
        {"suppressed", window.suppressed},
        {"suppressed_signals", list_of(window.suppressed_signals)},
        {"outlived", window.outlived},
        {"ended_by", or_null(window.ended_by)},
        {"ended_at", window.ended_at},
        {"from_file", window.from_file},
        {"recurring", is_recurring(window, policy)},
    });
}

std::string windows_json(const std::vector<core::Window>& windows, const core::Policy& policy) {
    Json list = Json::list();
    for (const core::Window& window : windows) list.push(view(window, policy));
    return Json::object({{"maintenance", std::move(list)}}).dump();
}

}  // namespace tocsin::integrations
