#pragma once
// The key in the link of a page: who may open which incident without a token (design §3 "Access").

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "core/effect.hpp"
#include "core/incident.hpp"

namespace tocsin::integrations {

/// For whom a link was made.
struct LinkHolder {
    std::uint64_t episode = 0;
    std::string person;  // empty: nobody in particular (an announcement); asked for a name
    bool operator==(const LinkHolder&) const = default;
};

/// `base64url(person).episode.base64url(HMAC-SHA256(secret, incident, episode, person))`: the same
/// for the same three, so that a repeated delivery repeats its link.
[[nodiscard]] std::string link_key(const Secret& secret, std::uint64_t incident,
                                   const LinkHolder& holder);

/// Nothing unless `key` is exactly what link_key() gives for this incident (compared in constant
/// time). An empty secret fits nothing. Keys over limits::link_key_bytes_max are not read.
[[nodiscard]] std::optional<LinkHolder> read_link_key(const Secret& secret, std::uint64_t incident,
                                                      std::string_view key);

/// The effect's link with `?k=…` for its person and episode; as it is when it has no link, is about
/// no incident, or there is no secret.
[[nodiscard]] std::string signed_link(const Secret& secret, const core::Effect& effect);

/// A link is void limits::link_void_after after its episode ended, and so is one of an episode that
/// is not there. `timeline` (oldest first) says when earlier episodes ended; one whose end is no
/// longer in it is void.
[[nodiscard]] bool link_is_void(const core::Incident& incident,
                                const std::vector<core::TimelineEntry>& timeline,
                                std::uint64_t episode, Instant now);

}  // namespace tocsin::integrations
