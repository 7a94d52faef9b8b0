// Makes and reads the keys of page links, and says when one is void.
#include "integrations/link.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/sign.hpp"

namespace tocsin::integrations {
namespace {

std::string base64url(std::string_view bytes) {
    std::string text = base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string standard(text);
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    while (standard.size() % 4 != 0) standard += '=';
    return from_base64(standard);
}

std::optional<std::uint64_t> episode_of(std::string_view text) {
    std::uint64_t episode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), episode);
    if (error != std::errc() || end != text.data() + text.size() || episode == 0) return {};
    return episode;
}

bool ends_episode(const core::TimelineEntry& entry) {
    return entry.what == "closed" || entry.what == "declined";
}

/// When that episode ended, told by the `reopened` entries after it.
std::optional<Instant> end_of_episode(const core::Incident& incident,
                                      const std::vector<core::TimelineEntry>& timeline,
                                      std::uint64_t episode) {
    if (episode == incident.episode) return incident.closed_at;
    std::uint64_t reopenings_between = incident.episode - episode;
    for (auto entry = timeline.rbegin(); entry != timeline.rend(); ++entry) {
        if (reopenings_between == 0 && ends_episode(*entry)) return entry->at;
        if (reopenings_between > 0 && entry->what == "reopened") --reopenings_between;
    }
    return std::nullopt;
}

}  // namespace

std::string link_key(const Secret& secret, std::uint64_t incident, const LinkHolder& holder) {
    const std::string episode = std::to_string(holder.episode);
    // The person stands last: whatever it contains, no two claims give the same message.
    std::string claim = "tocsin page link 1\n";
    claim.append(std::to_string(incident)).append("\n").append(episode).append("\n");
    claim.append(holder.person);
    std::string key = base64url(holder.person);
    key.append(".").append(episode).append(".");
    return key.append(base64url(hmac_sha256(secret.reveal(), claim)));
}

std::optional<LinkHolder> read_link_key(const Secret& secret, std::uint64_t incident,
                                        std::string_view key) {
    if (secret.empty() || key.size() > core::limits::link_key_bytes_max) return std::nullopt;
    const auto parts = split(key, '.');
    if (parts.size() != 3) return std::nullopt;
    auto person = from_base64url(parts[0]);
    const auto episode = episode_of(parts[1]);
    if (!person || !episode) return std::nullopt;
    LinkHolder holder{.episode = *episode, .person = *std::move(person)};
    // The whole key is compared, not the code alone: base64 can write the same bytes in two ways.
    if (!equal_in_constant_time(link_key(secret, incident, holder), key)) return std::nullopt;
    return holder;
}

std::string signed_link(const Secret& secret, const core::Effect& effect) {
    if (effect.link.empty() || effect.incident.number == 0 || secret.empty()) return effect.link;
    const LinkHolder holder{.episode = effect.incident.episode, .person = effect.person};
    return effect.link + "?k=" + link_key(secret, effect.incident.number, holder);
}

bool link_is_void(const core::Incident& incident, const std::vector<core::TimelineEntry>& timeline,
                  std::uint64_t episode, Instant now) {
    if (episode == 0 || episode > incident.episode) return true;
    if (episode == incident.episode && core::is_open(incident.state)) return false;
    const auto end = end_of_episode(incident, timeline, episode);
    return !end || now >= *end + core::limits::link_void_after;
}

}  // namespace tocsin::integrations
