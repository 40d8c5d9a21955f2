//! A small random generator: fast, and the same numbers on every platform, so that a seed means the same everywhere.

/// Xoshiro256++ by Blackman and Vigna, seeded by SplitMix64.
#[derive(Clone, Debug)]
pub struct Random([u64; 4]);

impl Random {
    /// A generator for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut x = seed;
        let mut next = || {
            x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = x;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Self([next(), next(), next(), next()])
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number below `n`; zero if `n` is zero.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        let high = self.bits() >> 32;
        u32::try_from((high * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// True in `n` of a thousand cases.
    #[inline]
    pub fn permille(&mut self, n: u32) -> bool {
        self.below(1000) < n
    }

    /// One of a list.
    #[inline]
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let n = crate::ids::narrow(of.len());
        of.get(crate::ids::wide(self.below(n))).copied()
    }

    /// Mixes a list.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let with = self.below(crate::ids::narrow(last + 1));
            list.swap(last, crate::ids::wide(with));
        }
    }
}
