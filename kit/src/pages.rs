//! One split point for several pages.
//!
//! The splitter makes a chunk for every *combination* of split points that share code, so ten pages with a split point each
//! became a hundred little files. A feature's pages are fetched together instead: whoever sees one sees the others next.

/// Defines the pages of a feature as lazy routes that share one chunk: `kit::pages!(journal_pages { GridPage =>
/// grid_page::draw, … });`. Each `draw` is a `fn() -> AnyView`; only what it names is in the chunk, so a page asks for its
/// data inside it.
#[macro_export]
macro_rules! pages {
    ($lazy:ident { $($(#[$doc:meta])* $page:ident => $draw:path),+ $(,)? }) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $page;

            impl ::leptos_router::LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_this: Self) -> ::leptos::prelude::AnyView {
                    $lazy(stringify!($page)).await
                }
            }
        )+

        #[::leptos::lazy]
        fn $lazy(page: &'static str) -> ::leptos::prelude::AnyView {
            $(
                if page == stringify!($page) {
                    return $draw();
                }
            )+
            ::leptos::prelude::IntoAny::into_any(())
        }
    };
}
