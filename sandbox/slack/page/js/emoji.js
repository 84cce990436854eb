/** Shortcodes that an operations workspace uses, and the pictures behind them. Others stay readable as :name:. */

import { h } from "./dom.js";

const LIST = `
rotating_light 🚨|fire 🔥|boom 💥|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|sos 🆘
exclamation ❗|heavy_exclamation_mark ❗|bangbang ‼️|question ❓|grey_question ❔
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎
heavy_multiplication_x ✖️|heavy_plus_sign ➕|heavy_minus_sign ➖
red_circle 🔴|large_orange_circle 🟠|orange_circle 🟠|large_yellow_circle 🟡|yellow_circle 🟡
large_green_circle 🟢|green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪
black_circle ⚫
large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩
large_blue_square 🟦|black_large_square ⬛|white_large_square ⬜|white_square_button 🔳
large_blue_diamond 🔷|large_orange_diamond 🔶|small_red_triangle 🔺|small_red_triangle_down 🔻
hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰|watch ⌚|clock1 🕐
clock3 🕒|clock9 🕘|calendar 📆|date 📅|spiral_calendar_pad 🗓️
bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speaker 🔈|mute 🔇|telephone_receiver 📞|phone ☎️|telephone ☎️
pager 📟|iphone 📱|email 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤
satellite_antenna 📡
eyes 👀|mag 🔍|mag_right 🔎|microscope 🔬|stethoscope 🩺|bulb 💡|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋
pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|bookmark 🔖|books 📚|book 📖|notebook 📓|page_facing_up 📄
scroll 📜|file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|file_cabinet 🗄️|wastebasket 🗑️
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|traffic_light 🚦|construction 🚧
vertical_traffic_light 🚦
hammer 🔨|hammer_and_wrench 🛠️|wrench 🔧|gear ⚙️|nut_and_bolt 🔩|toolbox 🧰|fire_extinguisher 🧯
adhesive_bandage 🩹|syringe 💉|broom 🧹|shield 🛡️|lock 🔒|unlock 🔓|key 🔑|closed_lock_with_key 🔐
electric_plug 🔌|battery 🔋
computer 💻|desktop_computer 🖥️|server 🖥️|floppy_disk 💾|cd 💿|package 📦|truck 🚚|ship 🚢|rocket 🚀
anchor ⚓|whale 🐳|whale2 🐋|elephant 🐘|snake 🐍|turtle 🐢|snail 🐌|bug 🐛|beetle 🐞|robot_face 🤖|ghost 👻
skull 💀
arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️|arrow_upper_right ↗️|arrow_lower_right ↘️
arrows_counterclockwise 🔄|repeat 🔁|rewind ⏪|fast_forward ⏩|leftwards_arrow_with_hook ↩️
arrow_right_hook ↪️|back 🔙|arrow_forward ▶️|double_vertical_bar ⏸️|black_square_for_stop ⏹️
recycle ♻️|twisted_rightwards_arrows 🔀
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|raised_hands 🙌|clap 👏|pray 🙏|muscle 💪
point_right 👉|point_left 👈|point_up ☝️|point_down 👇|raised_hand ✋|hand ✋|handshake 🤝|writing_hand ✍️
saluting_face 🫡
smile 😄|slightly_smiling_face 🙂|grinning 😀|joy 😂|sweat_smile 😅|wink 😉|thinking_face 🤔|neutral_face 😐
confused 😕|worried 😟|sob 😭|cry 😢|scream 😱|exploding_head 🤯|sleeping 😴|sunglasses 😎|heart_eyes 😍
face_with_monocle 🧐|facepalm 🤦|shrug 🤷
heart ❤️|green_heart 💚|broken_heart 💔|star ⭐|star2 🌟|sparkles ✨|zap ⚡|tada 🎉|confetti_ball 🎊
trophy 🏆|medal 🏅|100 💯|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|crown 👑|dart 🎯|art 🎨
sunny ☀️|partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|lightning 🌩️|rainbow 🌈
ocean 🌊|snowflake ❄️|earth_africa 🌍|globe_with_meridians 🌐|seedling 🌱|evergreen_tree 🌲
bust_in_silhouette 👤|busts_in_silhouette 👥|firefighter 🧑‍🚒|technologist 🧑‍💻|man_technologist 👨‍💻
woman_technologist 👩‍💻|detective 🕵️|construction_worker 👷|police_car 🚓|ambulance 🚑|fire_engine 🚒
helicopter 🚁|hospital 🏥|office 🏢|house 🏠|factory 🏭|bank 🏦|classical_building 🏛️
new 🆕|ok 🆗|up 🆙|cool 🆒|free 🆓|information_source ℹ️|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣
six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|hash #️⃣|a 🅰️|b 🅱️|copyright ©️|tm ™️
infinity ♾️
coffee ☕|tea 🍵|pizza 🍕|cake 🍰|beer 🍺|moneybag 💰|dollar 💵|credit_card 💳|shopping_trolley 🛒|gift 🎁
label 🏷️|ticket 🎫|crystal_ball 🔮|game_die 🎲|jigsaw 🧩|test_tube 🧪|petri_dish 🧫|dna 🧬|compass 🧭
world_map 🗺️|mount_fuji 🗻|camera 📷|camera_with_flash 📸|movie_camera 🎥|tv 📺|radio 📻|headphones 🎧
speech_balloon 💬|thought_balloon 💭|zzz 💤|dizzy 💫|sweat_drops 💦|dash 💨
`;

const PICTURES = new Map(
  LIST.split(/[\n|]/)
    .filter((entry) => entry.trim())
    .map((entry) => entry.trim().split(" ")),
);

/** Those offered first when somebody reacts. */
export const OFTEN = [
  "eyes",
  "white_check_mark",
  "+1",
  "tada",
  "rotating_light",
  "fire",
  "memo",
  "pray",
  "raised_hands",
  "thinking_face",
  "x",
  "rocket",
];

/** Return every shortcode that has a picture. */
export function shortcodes() {
  return [...PICTURES.keys()];
}

/** Return the picture of a shortcode, or null. */
export function picture(name) {
  return PICTURES.get(name) ?? null;
}

/** Return an emoji as text with a spoken name; an unknown one as :name:. */
export function emoji(name) {
  const drawn = picture(name);
  if (!drawn) return h("span", { class: "emoji-unknown" }, `:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, drawn);
}
