#pragma once
// check(condition): our own mistakes end the process at once, in every build, naming the place.

#include <cstdio>
#include <cstdlib>

namespace tocsin {

/// For invariants only; expected failures are Result values. (The builtins rather than
/// std::source_location, which clang 14 cannot read.)
inline void check(bool condition, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
    if (condition) return;
    std::fprintf(stderr, "tocsin: broken invariant at %s:%d\n", file, line);
    std::abort();
}

}  // namespace tocsin
