// Names of incident states, actions and delivery states, and the INC-<n> form.
#include "core/incident.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/effect.hpp"

namespace tocsin::core {
namespace {

constexpr std::array<std::string_view, 5> state_names{"triage", "active", "monitoring", "closed",
                                                      "declined"};
constexpr std::array<std::string_view, 8> action_names{
    "page", "acknowledge_page", "resolve_page", "update", "test", "notify", "publish", "banner"};
constexpr std::array<std::string_view, 5> delivery_names{"ready", "sending", "done", "dead",
                                                         "dropped"};
static_assert(static_cast<std::size_t>(IncidentState::declined) + 1 == state_names.size());
static_assert(static_cast<std::size_t>(Action::banner) + 1 == action_names.size());
static_assert(static_cast<std::size_t>(DeliveryState::dropped) + 1 == delivery_names.size());

template <class Enum, std::size_t size>
std::optional<Enum> named(const std::array<std::string_view, size>& names, std::string_view name) {
    for (std::size_t i = 0; i < size; ++i) {
        if (names[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace

std::string_view name(IncidentState state) {
    return state_names[static_cast<std::size_t>(state)];
}
std::string_view name(Action action) {
    return action_names[static_cast<std::size_t>(action)];
}
std::string_view name(DeliveryState state) {
    return delivery_names[static_cast<std::size_t>(state)];
}
std::optional<IncidentState> incident_state_named(std::string_view name) {
    return named<IncidentState>(state_names, name);
}
std::optional<Action> action_named(std::string_view name) {
    return named<Action>(action_names, name);
}

bool has_key(const Incident& incident, std::string_view key) {
    return key == incident.key ||
           std::find(incident.merged_keys.begin(), incident.merged_keys.end(), key) !=
               incident.merged_keys.end();
}

std::string incident_id(std::uint64_t number) {
    return "INC-" + std::to_string(number);
}

std::optional<std::uint64_t> incident_number(std::string_view id) {
    constexpr std::string_view prefix = "INC-";
    if (!id.starts_with(prefix)) return std::nullopt;
    id.remove_prefix(prefix.size());
    std::uint64_t number = 0;
    auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error != std::errc{} || end != id.data() + id.size() || number == 0) return std::nullopt;
    return number;
}

}  // namespace tocsin::core
