#pragma once
// Visit a variant with one lambda per case: match(variant, [](A&) {…}, [](B&) {…}).

#include <utility>
#include <variant>

namespace tocsin {

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

template <class Variant, class... Cases>
decltype(auto) match(Variant&& variant, Cases&&... cases) {
    return std::visit(Overloaded<std::decay_t<Cases>...>{std::forward<Cases>(cases)...},
                      std::forward<Variant>(variant));
}

}  // namespace tocsin
